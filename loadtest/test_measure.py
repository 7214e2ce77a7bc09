"""Tests of measure.py: python3 -m unittest -v test_measure.py"""
import os
import pathlib
import tempfile
import threading
import time
import unittest

import measure

LOG = """[2026-11-30T20:00:00.000+0000] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 23M->3M(512M) 4.500ms
[2026-11-30T20:00:01.000+0000] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 103M->3M(512M) 2.000ms
[2026-11-30T20:00:01.500+0000] GC(2) Concurrent Mark Cycle 12.345ms
[2026-11-30T20:00:02.000+0000] GC(2) Pause Remark 53M->53M(512M) 1.000ms
[2026-11-30T20:00:03.000+0000] GC(3) Pause Young (Allocation Failure) 203M->2048K(1G) 9.000ms
"""


class MeasureTest(unittest.TestCase):
    def pauses(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "gc.log"
            log.write_text(LOG, encoding="utf-8")
            return measure.collections(log)

    def test_what_is_allocated_lies_between_collections(self):
        pauses = self.pauses()
        begin = pauses[0][0]
        self.assertEqual([each[1] >> 20 for each in pauses], [23, 103, 53, 203])
        self.assertEqual(pauses[-1][2], 2 << 20)
        # 100 MB, 50 MB, 150 MB in three seconds.
        self.assertEqual(measure.allocated_a_second(pauses, begin, begin + 3), 100 << 20)
        self.assertEqual(measure.allocated_a_second(pauses, begin + 0.5, begin + 2.5), 50 << 20)
        self.assertEqual(measure.allocated_a_second(pauses, begin, begin + 0.5), 0)
        self.assertEqual(measure.pause_p90(pauses, begin, begin + 3), 9.0)
        self.assertEqual(measure.pause_p90(pauses, begin + 0.5, begin + 2.5), 2.0)
        self.assertEqual(measure.pause_p90([], 0, 1), 0)

    def test_threads_are_told_apart_by_their_names(self):
        for name, kind in (("vert.x-eventloo", "loop"), ("loop-1-1", "loop"), ("nginx", "loop"), ("access-log", "log"), ("GC Thread#0", "GC"),
                           ("G1 Service", "GC"), ("C2 CompilerThre", "JIT"), ("vert.x-worker-t", "rest"), ("java", "rest")):
            self.assertEqual(measure.kind(name), kind, name)

    def test_the_processor_time_is_that_of_its_threads(self):
        before = measure.Cpu(os.getpid())
        busy = threading.Thread(target=self.burn)
        busy.start()
        busy.join()
        used = measure.Cpu(os.getpid()).since(before)
        self.assertGreater(used["cpu"], 0.05)
        self.assertAlmostEqual(used["cpu"], sum(used[kind] for kind in measure.KINDS), delta=0.05)

    @staticmethod
    def burn():
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass


if __name__ == "__main__":
    unittest.main()
