"""How high an axes is, which shows only once all that stands beside it has its place."""

from __future__ import annotations

from matplotlib.axes import Axes


def lay_out(ax: Axes) -> float:
    """Let the layout settle, since only then is it known how high an axes is.

    Parameters
    ----------
    ax : Axes
        With its labels and key.

    Returns
    -------
    float
        Points of height.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes was taken off its figure")
    figure.draw_without_rendering()
    return float(72 * ax.bbox.height / figure.dpi)
