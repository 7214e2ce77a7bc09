package com.huntaze.rollout;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Finds where a constant that is added to an enum of ours would fall through unseen: a switch that
 * the compiler does not check, because it is a statement or has a default, and a chain of
 * comparisons, unless it ends in a thrown {@link AssertionError}. It looks at sources, for there is
 * nothing left of this in the classes.
 */
final class EnumDispatches {
  private final Map<String, Set<String>> enums = new HashMap<>();
  private final List<String> offences = new ArrayList<>();

  private EnumDispatches() {}

  /** A sentence for each offence in the files of a folder. */
  static List<String> unchecked(Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(folder);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources));
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      EnumDispatches found = new EnumDispatches();
      units.forEach(unit -> unit.accept(found.new Declarations(), null));
      units.forEach(unit -> unit.accept(found.new Dispatches(unit), null));
      return found.offences;
    }
  }

  /** The enum of ours that has all of these constants. */
  private Optional<String> of(Set<String> constants) {
    return enums.entrySet().stream()
        .filter(known -> !constants.isEmpty() && known.getValue().containsAll(constants))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean throwsError(Tree tree) {
    return tree != null && tree.toString().contains("throw new AssertionError(");
  }

  private final class Declarations extends TreeScanner<Void, Void> {
    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      if (type.getKind() == Tree.Kind.ENUM) {
        String name = type.getSimpleName().toString();
        Set<String> constants = enums.computeIfAbsent(name, none -> new TreeSet<>());
        for (Tree member : type.getMembers()) {
          if (member instanceof VariableTree field && name.equals(field.getType().toString())) {
            constants.add(field.getName().toString());
          }
        }
      }
      return super.visitClass(type, nothing);
    }
  }

  private final class Dispatches extends TreeScanner<Void, Void> {
    private final String file;
    private final Set<IfTree> within = new HashSet<>();

    Dispatches(CompilationUnitTree unit) {
      this.file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
    }

    @Override
    public Void visitSwitch(SwitchTree tree, Void nothing) {
      check(tree.getExpression(), tree.getCases(), true);
      return super.visitSwitch(tree, nothing);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree tree, Void nothing) {
      check(tree.getExpression(), tree.getCases(), false);
      return super.visitSwitchExpression(tree, nothing);
    }

    private void check(ExpressionTree over, List<? extends CaseTree> cases, boolean statement) {
      Set<String> constants =
          cases.stream()
              .flatMap(each -> each.getExpressions().stream())
              .map(Tree::toString)
              .collect(Collectors.toCollection(TreeSet::new));
      Optional<CaseTree> rest =
          cases.stream()
              .filter(each -> each.getExpressions().isEmpty())
              .map(CaseTree.class::cast)
              .findFirst();
      boolean unchecked = rest.isPresent() ? !throwsError(rest.get().getBody()) : statement;
      of(constants)
          .filter(name -> unchecked)
          .ifPresent(
              name ->
                  offences.add(
                      "%s: switch %s over %s does not name every constant, or is not checked"
                          .formatted(file, over, name)));
    }

    @Override
    public Void visitIf(IfTree tree, Void nothing) {
      if (!within.contains(tree)) {
        chain(tree);
      }
      return super.visitIf(tree, nothing);
    }

    private void chain(IfTree first) {
      Map<String, Set<String>> compared = new HashMap<>();
      StatementTree rest = first;
      while (rest instanceof IfTree arm) {
        within.add(arm);
        comparison(arm.getCondition(), compared);
        rest = arm.getElseStatement();
      }
      StatementTree end = rest;
      compared.forEach(
          (value, constants) -> {
            if (constants.size() > 1 && of(constants).isPresent() && !throwsError(end)) {
              offences.add("%s: if %s is one of %s, else …".formatted(file, value, constants));
            }
          });
    }

    private void comparison(ExpressionTree condition, Map<String, Set<String>> compared) {
      ExpressionTree bare = condition;
      while (bare instanceof ParenthesizedTree parentheses) {
        bare = parentheses.getExpression();
      }
      if (bare instanceof BinaryTree binary && binary.getKind() == Tree.Kind.EQUAL_TO) {
        String value = binary.getLeftOperand().toString();
        String constant = name(binary.getRightOperand());
        compared.computeIfAbsent(value, none -> new TreeSet<>()).add(constant);
      }
    }

    private String name(ExpressionTree constant) {
      return constant instanceof MemberSelectTree select
          ? select.getIdentifier().toString()
          : constant instanceof IdentifierTree name ? name.getName().toString() : "";
    }
  }
}
