"""AWS's target tracking, replayed over a measured series: pure, without a clock, a process or AWS. See run.sh scale.

Where the rule is from:
- Scale out in proportion to the metric; scale in by less, only when it is more than 10 % below the target, and not when
  one task less would lift it over the target again; the cooldowns:
  https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
  https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
- The alarms that AWS makes of a policy look at one-minute averages, 3 in a row above the target and 15 in a row below.
  AWS's guides do not give these numbers; they are what people find in their accounts:
  https://github.com/hashicorp/terraform-provider-aws/issues/42553 (60 s, 3 of 3)
  https://github.com/aws/containers-roadmap/issues/638 (15 of 15 for the low one)
"""
import dataclasses
import math
import re

PERIOD_SECONDS = 60
HIGH_PERIODS = 3
LOW_PERIODS = 15
LOW_PART = 0.9


@dataclasses.dataclass(frozen=True)
class Policy:
    """Target in percent, cooldowns in seconds."""
    target: float
    out_cooldown: int
    in_cooldown: int


@dataclasses.dataclass(frozen=True)
class Service:
    """CPU units (1,024 are a vCPU) of one task, least and most tasks."""
    cpu: int
    least: int
    most: int


@dataclasses.dataclass(frozen=True)
class Action:
    """A change of the wanted tasks after a minute (the first is 1), and the averages of the minutes that led to it."""
    minute: int
    before: int
    after: int
    because: tuple


def only(pattern, text, what):
    """The groups of what has to be in a text exactly once."""
    found = re.findall(pattern, text, re.DOTALL)
    if len(found) != 1:
        raise ValueError(f"{what}: found {len(found)} times in the Terraform (expected: once)")
    return found[0]


def read_policy(terraform):
    """The policy in the text of a .tf file."""
    block = only(r"target_tracking_scaling_policy_configuration\s*\{(.*?\n  )\}", terraform, "target tracking")
    only(r'predefined_metric_type\s*=\s*"(ECSServiceAverageCPUUtilization)"', block, "the CPU's metric")
    number = {key: only(rf"(?m)^\s*{key}\s*=\s*([\d.]+)\s*$", block, key)
              for key in ("target_value", "scale_out_cooldown", "scale_in_cooldown")}
    return Policy(float(number["target_value"]), int(number["scale_out_cooldown"]), int(number["scale_in_cooldown"]))


def read_service(task, variables, count):
    """A service, from its task's .tf file and the default of the variable that counts it."""
    cpu = only(r'\bcpu\s*=\s*"(\d+)"', task, "the task's cpu")
    least, most = only(rf'variable "{count}" \{{.*?default\s*=\s*\{{\s*min\s*=\s*(\d+),\s*max\s*=\s*(\d+)\s*\}}', variables, count)
    return Service(int(cpu), int(least), int(most))


def replay(policy, service, measured):
    """What AWS would have done: the actions, in order.

    measured: for each minute the percent of one task's CPU while the least tasks run, None where nothing was measured.
    More tasks are taken to share the load evenly and at once, which only AWS can show.
    """
    tasks, actions, averages = service.least, [], []
    last_out = last_in = None
    for minute, percent in enumerate(measured, 1):
        averages.append(None if percent is None else percent * service.least / tasks)
        high = tail(averages, HIGH_PERIODS)
        low = tail(averages, LOW_PERIODS)
        wanted = tasks
        if high and min(high) > policy.target:
            # While the last one cools down, what it has added counts as part of what is wanted.
            base = last_out.before if cooling(minute, last_out, policy.out_cooldown) else tasks
            wanted = min(service.most, max(tasks, math.ceil(base * averages[-1] / policy.target)))
            because = high
        elif low and max(low) < LOW_PART * policy.target and not (
                cooling(minute, last_out, policy.out_cooldown) or cooling(minute, last_in, policy.in_cooldown)):
            wanted = max(service.least, math.ceil(tasks * averages[-1] / policy.target))
            because = low
        if wanted == tasks:
            continue
        action = Action(minute, tasks, wanted, because)
        actions.append(action)
        last_out, last_in = (action, last_in) if wanted > tasks else (last_out, action)
        tasks = wanted
    return actions


def tail(averages, length):
    """The last averages, or None while there are too few, or one of them was not measured: then AWS does nothing."""
    last = tuple(averages[-length:])
    return None if len(last) < length or None in last else last


def cooling(minute, action, cooldown):
    return action is not None and (minute - action.minute) * PERIOD_SECONDS <= cooldown
