"""Assignment 9, after choosing a loss: a bus to the geyser, which must not come too late."""

import numpy as np

from coursework import checking
from coursework.checking import Question, Task
from losslab import datasets
from losslab.checks.answer import Wrong
from losslab.checks.factors import close


def visit_cost(y_true, y_pred, *, miss=60.0):
    """Return the mean of the minutes waited, or of `miss` where the eruption was over."""
    r = y_pred.astype(float) - y_true.astype(float)
    return np.mean(np.where(r > 0, miss, -r))


def best_time(y, *, miss=60.0):
    """Return the best of the waits themselves: between two of them, later is better."""
    y = np.sort(y.astype(float))
    return y[np.argmin([visit_cost(y, np.full(y.size, a), miss=miss) for a in y])]


def time_by(call, y, *, miss):
    """Return the wait that is best by the student's own cost."""
    y = np.sort(y)
    costs = [call("visit_cost", y, np.full(y.size, a), miss=miss) for a in y]
    if np.shape(costs) != y.shape or not np.ptp(costs) > 0:
        raise Wrong("there is no cost to go by")
    return y[np.argmin(costs)]


def smooth_cost(y_true, y_pred, *, miss=60.0, width=2.0):
    """Return the mean of the cost with its step and its corner rounded."""
    t = (y_pred.astype(float) - y_true.astype(float)) / width
    return np.mean(miss * np.exp(-np.logaddexp(0, -t)) + width * np.logaddexp(0, -t))


def smooth_cost_grad(y_true, y_pred, *, miss=60.0, width=2.0):
    """Return the gradient of the mean."""
    t = (y_pred.astype(float) - y_true.astype(float)) / width
    above, below = np.exp(-np.logaddexp(0, -t)), np.exp(-np.logaddexp(0, t))
    return below * (above * (miss / width) - 1) / t.size


def fit_line(x, y, start, *, miss=60.0, width=2.0, rate=0.3, steps=300):
    """Return intercept at 3.5 minutes and slope after some steps."""

    def call(_, *arguments, **options):
        return smooth_cost_grad(*arguments, **options)

    return fit_by(call, x, y, start, miss=miss, width=width, rate=rate, steps=steps)


def fit_by(call, x, y, start, *, miss, width, rate, steps):
    """Fit the line with the gradient that `call` has."""
    w = start.astype(float)
    for _ in range(steps):
        slope = call("smooth_cost_grad", y, w[0] + w[1] * (x - 3.5), miss=miss, width=width)
        w = w - rate * np.array([slope.sum(), slope @ (x - 3.5)])
    return w


def board(duration):
    """Return minutes after which the bus should be there: a line as good as any."""
    return 59.7 + 10.4 * (duration - 3.5)


# --- Ordinary inputs ----------------------------------------------------------------------------


def residuals(low, high, sign=None):
    """Make a sampler of waits, and of times that are `low` to `high` minutes off."""

    def sample(rng, n, *_):
        side = np.resize([-1.0, 1.0, -1.0], n) if sign is None else sign
        y_true = rng.normal(70, 12, n)
        return y_true, y_true + side * rng.uniform(low, high, n)

    return sample


def two_kinds(rng, n, *_):
    """Draw waits after short and after long eruptions, in no order."""
    return (rng.permutation(np.append(rng.normal(55, 6, n // 3 + 1), rng.normal(80, 6, n + 3))),)


def one_kind(rng, n, *_):
    """Draw waits with a long tail."""
    return (30 + rng.exponential(20, n + 12),)


def line(rng, n, *_):
    """Draw durations, waits, and a first line that is not far off."""
    x = rng.uniform(1.6, 5.1, 4 * n)
    y = 71 + 10 * (x - 3.5) + rng.normal(0, 6, 4 * n)
    return x, y, np.array([rng.uniform(58, 66), rng.uniform(8, 12)])


ZEROS = np.zeros(3)
ANY = residuals(0.5, 8)

# --- Slips --------------------------------------------------------------------------------------

mean = np.mean


def r(y, p):
    """Return the residuals."""
    return p - y


def bill(y, p, late, early=np.negative):
    """Return the mean of one formula for late buses and another for early ones."""
    return mean(np.where(p > y, late, early(p - y)))


COST_SLIPS = (
    (
        lambda y, p, miss=60.0: visit_cost(p, y, miss=miss),
        "early and late are exchanged: r > 0 means that the bus came after the eruption",
    ),
    (lambda y, p, miss=60.0: visit_cost(y, p), "miss makes no difference"),
    (
        lambda y, p, miss=60.0: bill(y, p, miss * r(y, p)),
        "a miss costs the same however late the bus is",
    ),
    (
        lambda y, p, miss=60.0: bill(y, p, miss + r(y, p)),
        "a miss costs the same however late the bus is",
    ),
    (
        lambda y, p, miss=60.0: bill(y, p, miss - r(y, p)),
        "a miss costs the same however late the bus is",
    ),
    (lambda y, p, miss=60.0: bill(y, p, miss, np.zeros_like), "an early bus costs nothing"),
    (lambda y, p, miss=60.0: bill(y, p, miss, lambda r: r), "waiting has become a gain: r < 0"),
    (lambda y, p, miss=60.0: bill(y, p, 0.0), "a late bus costs nothing"),
    (lambda y, p, miss=60.0: bill(y, p, miss, np.square), "the minutes of waiting are squared"),
    (
        lambda y, p, miss=60.0: bill(y, p, miss, lambda r: miss * abs(r)),
        "one minute of waiting costs one minute",
    ),
    (lambda y, p, miss=60.0: bill(y, p, 1.0), "a miss costs `miss` minutes"),
    (
        lambda y, p, miss=60.0: mean(abs(r(y, p))),
        "these are absolute errors: late and early do not cost the same",
    ),
    (
        lambda y, p, miss=60.0: visit_cost(np.array([mean(y)]), np.array([mean(p)]), miss=miss),
        "the minutes are averaged before they are judged",
    ),
    (
        lambda y, p, miss=60.0: bill(y, p, miss, lambda r: miss - r),
        "an early bus pays for a miss as well",
    ),
)


def cost_of(y, a, miss):
    """Return the cost of one time for all."""
    return visit_cost(y, np.full(y.size, a), miss=miss)


def best_of(times, y, miss):
    """Return the best of some times."""
    return times[np.argmin([cost_of(y, a, miss) for a in times])]


TIME_SLIPS = (
    (lambda y, miss=60.0: best_time(y), "the price of a miss makes no difference"),
    (
        lambda y, miss=60.0: cost_of(y, best_time(y, miss=miss), miss),
        "this is the cost at the best time, not the time",
    ),
    (lambda y, miss=60.0: mean(y), "this is the mean"),
    (lambda y, miss=60.0: np.median(y), "this is the median"),
    (lambda y, miss=60.0: np.min(y), "never too late, but is it the cheapest?"),
    (
        lambda y, miss=60.0: np.quantile(y, 1 / (1 + miss)),
        "this is a quantile: that would be right if each minute of being late cost the same",
    ),
    (
        lambda y, miss=60.0: np.argmin([cost_of(y, a, miss) for a in y]),
        "this is where the time stands in the array, not the time",
    ),
    (
        lambda y, miss=60.0: np.argmin([cost_of(y, a, miss) for a in np.sort(y)]),
        "this is where the time stands in the array, not the time",
    ),
    (
        lambda y, miss=60.0: best_of(np.arange(0, 200.0), y, miss),
        "only whole minutes are tried: which times are worth trying at all?",
    ),
    (
        lambda y, miss=60.0: max(y, key=lambda a: cost_of(y, a, miss)),
        "this is the dearest time",
    ),
    (
        lambda y, miss=60.0: best_of(np.sort(y)[: y.size // 2], y, miss),
        "only the earlier waits are tried",
    ),
)


def rounded(late, t, width=2.0, wait=lambda t: np.logaddexp(0, -t)):
    """Return the mean of the rounded cost, of which parts may be changed."""
    return mean(late / (1 + np.exp(-t)) + width * wait(t))


SMOOTH_SLIPS = (
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost(p, y, miss=miss, width=width),
        "early and late are exchanged",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost(y, p, width=width),
        "miss makes no difference",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost(y, p, miss=miss),
        "width makes no difference",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost(y, p, miss=miss, width=1.0),
        "width makes no difference",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost(y, p, miss=miss, width=1 / width),
        "width multiplies where it should divide",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(miss, r(y, p) / width, 1.0),
        "a factor is missing before the logarithm",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(miss * width, r(y, p) / width, width),
        "the factor before the logarithm stands before the step, too",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(0.0, r(y, p) / width, width),
        "the step is missing: a late bus costs nothing",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(miss, r(y, p) / width, 0.0),
        "waiting is missing: an early bus costs nothing",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(
            miss, r(y, p) / width, width, lambda t: np.logaddexp(0, t)
        ),
        "the sign in the logarithm is wrong: who waits?",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(
            miss, -r(y, p) / width, width, lambda t: np.logaddexp(0, t)
        ),
        "the sign in the step is wrong: it should rise with r",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: visit_cost(y, p, miss=miss),
        "this is the cost with its step and its corner: nothing is rounded",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: rounded(
            miss, r(y, p) / width, width, lambda t: np.log1p(np.exp(-t * width))
        ),
        "width is missing inside the logarithm",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            mean(smooth_cost_grad(y, p, miss=miss, width=width)) * len(p)
        ),
        "this is the slope, not the loss",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost(
            np.array([mean(y)]), np.array([mean(p)]), miss=miss, width=width
        ),
        "the minutes are averaged before they are judged",
    ),
)


def s(y, p, width):
    """Return the sigmoid of the scaled residuals."""
    return 1 / (1 + np.exp(-r(y, p) / width))


GRAD_SLIPS = (
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost_grad(p, y, miss=miss, width=width),
        "early and late are exchanged",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost_grad(y, p, width=width),
        "miss makes no difference",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: smooth_cost_grad(y, p, miss=miss),
        "width makes no difference",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            (1 - s(y, p, width)) * (miss * s(y, p, width) - 1) / len(p)
        ),
        "the chain rule: what does the width do to the slope of the step?",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            (1 - s(y, p, width)) * (miss * s(y, p, width) / width - 1 / width) / len(p)
        ),
        "the chain rule: what does the width before the logarithm do to its slope?",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            (1 - s(y, p, width)) * (miss * s(y, p, width) / width - width) / len(p)
        ),
        "the chain rule: what does the width inside the logarithm do to its slope?",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            (1 - s(y, p, width)) * (miss * s(y, p, width) / width + 1) / len(p)
        ),
        "waiting pulls the wrong way: a later bus waits less",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            miss * s(y, p, width) * (1 - s(y, p, width)) / width / len(p)
        ),
        "only the slope of the step is there",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (s(y, p, width) - 1) / len(p),
        "only the slope of the waiting is there",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            (miss * s(y, p, width) / width - (1 - s(y, p, width))) / len(p)
        ),
        "the slope of a sigmoid has two factors",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: np.where(p > y, 0, -1) / len(p),
        "this is the slope of the cost with its step, which the slope does not see",
    ),
    (
        lambda y, p, miss=60.0, width=2.0: (
            (miss * s(y, p, width) + width * np.logaddexp(0, -r(y, p) / width)) / len(p)
        ),
        "this is the loss again, not its slope",
    ),
)


def line_by(gradient, *, centre=3.5, sign=-1.0):
    """Return a fit that takes another gradient or another centre."""

    def fit(x, y, start, miss=60.0, width=2.0, rate=0.3, steps=300):
        w = start.astype(float)
        for _ in range(steps):
            slope = gradient(y, w[0] + w[1] * (x - centre), miss=miss, width=width)
            w = w + sign * rate * np.array([slope.sum(), slope @ (x - centre)])
        return w

    return fit


FIT_SLIPS = (
    (lambda x, y, w, **o: w, "this is the start: nothing has moved"),
    (line_by(smooth_cost_grad, sign=1.0), "it climbs: a step goes against the gradient"),
    (line_by(smooth_cost_grad, centre=0.0), "the line is w0 + w1 (x - 3.5): where are the 3.5?"),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "steps": 1}),
        "this is where one step leads",
    ),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "steps": o.get("steps", 300) - 1}),
        "one step is missing",
    ),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "steps": o.get("steps", 300) + 1}),
        "one step too many",
    ),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "rate": 0.3}),
        "the rate makes no difference",
    ),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "steps": 300}),
        "steps makes no difference",
    ),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "miss": 60.0}),
        "the cost of a miss makes no difference",
    ),
    (
        lambda x, y, w, **o: fit_line(x, y, w, **{**o, "width": 2.0}),
        "the width makes no difference",
    ),
    (
        line_by(lambda *a, **o: smooth_cost_grad(*a, **o) / len(a[0])),
        "the gradient of the mean is divided by n once more",
    ),
    (
        line_by(lambda *a, **o: smooth_cost_grad(*a, **o) * len(a[0])),
        "the gradient is that of the sum: steps are n times too long",
    ),
    (
        line_by(lambda y, p, **_: np.where(p > y, 0.0, -1.0) / len(y)),
        "this descends on the cost with its step, not on the rounded one",
    ),
    (
        lambda x, y, w, **o: np.linalg.lstsq(np.column_stack([x**0, x - 3.5]), y)[0],
        "this is the least-squares line",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------

GEYSER = datasets.old_faithful()
DURATION, WAITING = GEYSER.duration[136:], GEYSER.waiting[136:]


def times(probe, duration):
    """Return the student's times for some durations, or raise `Wrong`."""
    found = probe.call(duration)
    if found.shape != duration.shape:
        raise Wrong(
            f"the result has shape {found.shape} for {duration.size} durations: one time for each"
        )
    if not np.all(np.isfinite(found)):
        raise Wrong("NaN or infinity comes out: no bus can come then")
    return found.astype(float)


def judged(points, limit):
    """Ask for few lost minutes on the eruptions of the second half."""

    def asking(probe):
        found = times(probe, DURATION)
        lost, missed = visit_cost(WAITING, found), np.mean(found > WAITING)
        if lost < limit:
            return
        hint = ""
        if np.ptp(found) == 0:
            hint = "; does it make no difference how long the eruption was?"
        elif missed > 0.1:
            hint = "; what would it cost to come some minutes earlier?"
        elif missed < 0.02:
            hint = "; what would it save to come a little later?"
        raise Wrong(
            f"{lost:.1f} minutes are lost by a visitor on average, and {missed:.0%} of the "
            f"eruptions are missed{hint}"
        )

    title = f"fewer than {limit:g} minutes lost on eruptions 137 to 272"
    return Question(title, points, asking, waits=False)


def one_by_one(points):
    """Ask whether the time for one eruption depends on which others come with it."""

    def asking(probe):
        together = times(probe, DURATION[:20])
        for rows in (slice(3, 4), slice(5, 12)):
            if not close(times(probe, DURATION[rows]), together[rows]):
                raise Wrong(
                    "the time after an eruption depends on which others are asked for with it: "
                    "fit on the first half once, outside the function"
                )

    return Question("one eruption at a time", points, asking)


def right_by_own(question):
    """Forgive a wrong gradient, which has cost its points already."""
    return checking.following(question, fit_by, miss=30.0, width=3.0, rate=0.3, steps=4)


TASKS = checking.tasks(
    Task(
        reference=visit_cost,
        sample=ANY,
        slips=COST_SLIPS,
        questions=(
            checking.formula(0.5, "buses that are early", residuals(1, 20, -1.0)),
            checking.formula(0.5, "some early, some late", residuals(1, 20)),
            checking.lengths(0.5),
            checking.option(0.5, "other costs of a miss", ANY, miss=(10.0, 90.0)),
            checking.case(
                0.5,
                "a bus at the very minute",
                np.array([50.0, 60.0, 70.0]),
                np.array([50.0, 55.0, 70.0]),
                hint="with r = 0 the visitors have not waited, and they have seen it",
            ),
            checking.unequal_shapes(0.5),
        ),
    ),
    Task(
        reference=best_time,
        sample=two_kinds,
        slips=TIME_SLIPS,
        questions=tuple(
            checking.following(question, time_by, miss=25.0)
            for question in (
                checking.formula(1, "waits of two kinds", two_kinds),
                checking.formula(0.5, "waits with a long tail", one_kind),
                checking.lengths(0.5),
                checking.option(0.5, "other costs of a miss", two_kinds, miss=(200.0, 15.0, 5.0)),
                checking.case(
                    0.5,
                    "waits that occur several times",
                    np.array([45.0, 50.0, 50.0, 50.0, 60.0]),
                    hint="at the very minute of an eruption a bus is in time",
                    miss=15.0,
                ),
            )
        ),
    ),
    Task(
        reference=smooth_cost,
        sample=ANY,
        slips=SMOOTH_SLIPS,
        questions=(
            checking.formula(1, "buses near the eruption", residuals(0.1, 3)),
            checking.formula(0.5, "buses a quarter of an hour off", residuals(5, 15)),
            checking.lengths(0.5),
            checking.option(
                1,
                "other costs of a miss and other widths",
                ANY,
                miss=(10.0, 90.0),
                width=(0.5, 5.0),
            ),
            checking.case(
                0.5,
                "buses a day off",
                ZEROS,
                np.array([-2000.0, 1500.0, 3.0]),
                hint="what is the exponential of a thousand? logaddexp never computes it",
            ),
            checking.case(
                0.5,
                "unsigned bytes (uint8)",
                np.array([54, 80, 7], np.uint8),
                np.array([50, 83, 4], np.uint8),
                hint="what is 50 - 54 in uint8?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5),
        ),
    ),
    Task(
        reference=smooth_cost_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "buses near the eruption", residuals(0.1, 3)),
            checking.formula(0.5, "buses a quarter of an hour off", residuals(5, 15)),
            checking.lengths(0.5),
            checking.option(
                1,
                "other costs of a miss and other widths",
                ANY,
                miss=(10.0, 90.0),
                width=(0.5, 5.0),
            ),
            checking.case(
                0.5,
                "buses a day off",
                ZEROS,
                np.array([-2000.0, 1500.0, 3.0]),
                hint="is something huge divided by something huge?",
            ),
            checking.case(
                0.5,
                "buses more than an hour late",
                ZEROS,
                np.array([80.0, 90.0, 120.0]),
                hint="1 minus a number close to 1 is 0 there: write 1 - σ(t) without subtracting",
            ),
        ),
    ),
    Task(
        reference=fit_line,
        sample=line,
        slips=FIT_SLIPS,
        questions=(
            right_by_own(checking.formula(0.5, "two small steps", line, rate=0.01, steps=2)),
            right_by_own(checking.formula(0.5, "300 steps", line)),
            right_by_own(
                checking.option(
                    1, "other rates and numbers of steps", line, rate=(0.1, 0.5), steps=(1, 7)
                )
            ),
            right_by_own(
                checking.option(
                    0.5, "other misses and widths", line, miss=(20.0, 80.0), width=(1.5, 4.0)
                )
            ),
            checking.inputs_unchanged(0.5),
        ),
    ),
    Task(
        reference=board,
        sample=lambda rng, n: (rng.uniform(1.6, 5.1, n),),
        questions=(judged(1, 20), judged(1, 15), judged(1, 13.5), one_by_one(1)),
    ),
)
