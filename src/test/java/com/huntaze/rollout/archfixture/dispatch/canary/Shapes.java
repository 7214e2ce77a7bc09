package com.huntaze.rollout.archfixture.dispatch.canary;

/** Dispatches that something new would fall through, and some that it would not. */
final class Shapes {
  private Shapes() {}

  sealed interface Shape {
    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    record Line(int length) implements Shape {}
  }

  enum Colour {
    RED,
    GREEN
  }

  static String lastIsElse(Shape shape) {
    if (shape instanceof Shape.Circle) {
      return "round";
    } else if (shape instanceof Shape.Square) {
      return "square";
    }
    return "line";
  }

  static void dropsTheRest(Shape shape, StringBuilder into) {
    if (shape instanceof Shape.Circle circle) {
      into.append(circle.radius());
    } else if (shape instanceof Shape.Square square) {
      into.append(square.side());
    }
  }

  static boolean isOneOfTwo(Shape shape) {
    return shape instanceof Shape.Circle || shape instanceof Shape.Square;
  }

  static String hasDefault(Colour byDefault) {
    return switch (byDefault) {
      case RED -> "warm";
      default -> "cold";
    };
  }

  static void isNoExpression(Colour colour, StringBuilder into) {
    switch (colour) {
      case RED -> into.append("warm");
      case GREEN -> into.append("cold");
    }
  }

  static String isCompared(Colour compared) {
    if (compared == Colour.RED) {
      return "warm";
    } else if (compared == Colour.GREEN) {
      return "cold";
    }
    return "none";
  }

  static String innocentChain(Shape shape) {
    if (shape instanceof Shape.Circle) {
      return "round";
    } else if (shape instanceof Shape.Square) {
      return "square";
    } else if (shape instanceof Shape.Line) {
      return "line";
    }
    throw new AssertionError(shape);
  }

  static boolean innocentQuestion(Shape shape) {
    return shape instanceof Shape.Circle;
  }

  static String innocentSwitch(Colour colour) {
    return switch (colour) {
      case RED -> "warm";
      case GREEN -> "cold";
    };
  }

  static void innocentStatement(Colour colour, StringBuilder into) {
    switch (colour) {
      case RED -> into.append("warm");
      case GREEN -> into.append("cold");
      default -> throw new AssertionError(colour);
    }
  }

  static String innocentText(String text) {
    return switch (text) {
      case "red" -> "warm";
      default -> "cold";
    };
  }
}
