"""Many threads at once, and the same call twice: always the same bits."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from losses import CASES, draw_weights, every_case


def results(arguments):
    case, y_true, y_pred, weights = arguments
    return [
        function(y_true, y_pred, sample_weight=weights, reduction=reduction).tobytes()
        for function in (case.value, case.gradient)
        for reduction in ("mean", "none")
    ]


@every_case
def test_repeated_calls_give_the_same_bits(case):
    arguments = case, *case.draw((20_000,)), draw_weights((20_000,))
    assert results(arguments) == results(arguments)


def test_threads_do_not_disturb_each_other():
    jobs = [
        (case, *case.draw((3_000,), seed=seed), draw_weights((3_000,), seed))
        for case in CASES
        for seed in range(4)
    ]
    alone = [results(job) for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(results, jobs)) == alone


def test_the_readers_floating_point_settings_survive_a_call():
    for case in CASES:
        with np.errstate(all="raise", under="ignore", over="warn"):
            before = np.geterr()
            case.gradient(*case.draw())
            with pytest.raises((ValueError, TypeError)):
                case.value([1.0], [[[2.0]]])
            assert np.geterr() == before
