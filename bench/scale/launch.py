"""Run a command, and print seconds, CPU seconds, peak bytes and exit code.

It is a separate process with few imports, because on Linux the peak of a process starts at its
parent's memory.
"""

import json
import os
import sys
import time

BYTES_OF_PEAK = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss


def main(command: list[str]) -> None:
    """Run the command and wait for it.

    Parameters
    ----------
    command : list of str
        Program, by its path, and arguments.
    """
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    found = {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * BYTES_OF_PEAK,
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
