"""Figures as they are written in a sentence, however large they are."""

from __future__ import annotations


def write_amount(amount: float) -> str:
    """Write money or hours to the hundredth: 46,685,600, or 66.67."""
    return f"{round(amount, 2):,.15g}"


def write_figure(value: float) -> str:
    """Write a number to four digits: 46,690,000, or 0.01235."""
    return f"{float(f'{value:.4g}'):,.15g}"
