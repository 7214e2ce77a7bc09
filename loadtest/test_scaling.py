"""The rule of scaling.py: python3 -m unittest discover loadtest."""
import dataclasses
import pathlib
import random
import unittest

import scaling
from scaling import Policy, Service, replay

TERRAFORM = pathlib.Path(__file__).resolve().parent.parent / "deploy" / "terraform"
POLICY = Policy(70, 60, 300)
SERVICE = Service(1024, 2, 8)


def changes(measured, policy=POLICY, service=SERVICE):
    return [(action.minute, action.before, action.after) for action in replay(policy, service, measured)]


class Out(unittest.TestCase):
    def test_three_minutes_above_the_target_add_a_task(self):
        self.assertEqual(changes([71, 72, 73]), [(3, 2, 3)])

    def test_two_are_not_enough_nor_three_with_a_pause(self):
        self.assertEqual(changes([99, 99, 70, 99, 99]), [])

    def test_the_target_itself_is_not_above_it(self):
        self.assertEqual(changes([70] * 30), [])

    def test_a_minute_without_a_figure_begins_the_count_again(self):
        self.assertEqual(changes([99, 99, None, 99, 99]), [])
        self.assertEqual(changes([99, 99, None, 99, 99, 99]), [(6, 2, 3)])

    def test_more_load_adds_more_tasks_at_once(self):
        self.assertEqual(changes([150, 150, 150]), [(3, 2, 5)])

    def test_never_more_than_the_most(self):
        self.assertEqual(changes([900] * 10), [(3, 2, 8)])

    def test_a_cooldown_counts_what_was_added(self):
        # 2 -> 3 by 75 %; then each of three has 100 %: of the two before it that is three, so
        # nothing follows until the cooldown is over.
        self.assertEqual(changes([75, 75, 75, 150])[:2], [(3, 2, 3)])
        self.assertEqual(changes([75, 75, 75, 150, 150, 150]), [(3, 2, 3), (5, 3, 5)])


class In(unittest.TestCase):
    def test_fifteen_minutes_far_below_take_tasks_away(self):
        self.assertEqual(changes([100] * 3 + [40] * 15), [(3, 2, 3), (18, 3, 2)])

    def test_not_after_fourteen_and_not_within_ten_percent(self):
        self.assertEqual(changes([100] * 3 + [40] * 14), [(3, 2, 3)])
        # Two thirds of 95 are 63.3: above 63.
        self.assertEqual(changes([100] * 3 + [95] * 30), [(3, 2, 3)])

    def test_never_fewer_than_the_least(self):
        self.assertEqual(changes([0] * 60), [])

    def test_not_while_the_last_one_cools_down(self):
        falling = [280] * 3 + [170] * 15 + [50] * 5
        self.assertEqual([at for at, before, after in changes(falling) if after < before], [18])
        self.assertEqual([at for at, before, after in changes(falling + [50]) if after < before], [18, 24])


class Always(unittest.TestCase):
    def test_the_bounds_hold_and_out_needs_three_above(self):
        chance = random.Random(1)
        for _ in range(500):
            measured = [chance.choice((None, chance.uniform(0, 300))) if chance.random() < 0.1 else chance.uniform(0, 300)
                        for _ in range(60)]
            tasks = SERVICE.least
            for action in replay(POLICY, SERVICE, measured):
                self.assertEqual(action.before, tasks)
                tasks = action.after
                self.assertTrue(SERVICE.least <= tasks <= SERVICE.most)
                if action.after > action.before:
                    self.assertTrue(len(action.because) == 3 and min(action.because) > POLICY.target)
                else:
                    self.assertTrue(len(action.because) == 15 and max(action.because) < 0.9 * POLICY.target)

    def test_what_comes_later_changes_nothing_before(self):
        chance = random.Random(2)
        measured = [chance.uniform(0, 200) for _ in range(80)]
        whole = replay(POLICY, SERVICE, measured)
        for length in range(len(measured)):
            self.assertEqual(replay(POLICY, SERVICE, measured[:length]), [each for each in whole if each.minute <= length])


class Terraform(unittest.TestCase):
    def test_the_policy_is_read(self):
        text = (TERRAFORM / "autoscaling.tf").read_text(encoding="utf-8")
        policy = scaling.read_policy(text)
        self.assertTrue(0 < policy.target <= 100)
        self.assertEqual(scaling.read_policy(text.replace(f"= {policy.target:.0f}\n", "= 55\n", 1)), dataclasses.replace(policy, target=55))

    def test_the_services_are_read(self):
        variables = (TERRAFORM / "variables.tf").read_text(encoding="utf-8")
        for name in ("proxy", "router"):
            service = scaling.read_service((TERRAFORM / f"{name}.tf").read_text(encoding="utf-8"), variables, f"{name}_count")
            self.assertTrue(service.cpu >= 256 and 1 <= service.least <= service.most, service)

    def test_another_metric_or_none_is_refused(self):
        text = (TERRAFORM / "autoscaling.tf").read_text(encoding="utf-8")
        for broken in (text.replace("AverageCPU", "AverageMemory"), text.replace("target_value", "target"), ""):
            with self.assertRaises(ValueError):
                scaling.read_policy(broken)


if __name__ == "__main__":
    unittest.main()
