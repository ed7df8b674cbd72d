"""What the programs share that learn a table of weights: a logistic regression with an L1 penalty, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable

from sklearn.linear_model import LogisticRegression


def learner(loose: float) -> LogisticRegression:
    """A model that is to be fitted; the same data give the same weights. `loose`: how loose the penalty is."""
    return LogisticRegression(C=loose, l1_ratio=1.0, solver="liblinear", max_iter=300, random_state=0)


def table(header: str, names: Iterable[str], model: LogisticRegression) -> str:
    """Its weights in hundredths, a row each, the offset first; those that are nothing in hundredths are left out."""
    rows = [("offset", model.intercept_[0]), *sorted(zip(names, model.coef_[0], strict=True))]
    return header + "".join(
        f"{name}\t{round(100 * weight)}\n" for name, weight in rows if name == "offset" or round(100 * weight)
    )
