"""What all tests share: the team's material where it is there, and no silent skips where everything must run."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Laws are about results; how fast a busy machine tries an example is no law. New examples are looked for at every
# developer's run; CI tries the same ones each time, so that it judges the change and nothing else.
CI = os.environ.get("CI") == "true"
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=CI)
settings.load_profile("laws")

# A suite begun in the background of a shell that is no terminal ignores Ctrl-C, and so would what its tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def shared_folder():
    """The team's ../shared (worktrees stand one level deeper), or None on a user's machine."""
    return next((p for p in (ROOT.parent / "shared", ROOT.parent.parent / "shared") if p.is_dir()), None)


@pytest.fixture(scope="session")
def shared():
    folder = shared_folder()
    if folder is None:
        pytest.skip("the team's ../shared is not here")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI (YOMICAST_NO_SKIP=1) a skip is a failure: everything that a skip excuses is installed there."""
    report = yield
    if report.skipped and os.environ.get("YOMICAST_NO_SKIP") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
