"""What eyes make of colours: contrast, and how far apart they are, also for those who see fewer."""

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]
"""Red, green and blue of sRGB, 0 to 255."""

DEFICIENCIES = {
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
"""Matrices on linear sRGB of Machado, Oliveira and Fernandes (2009), at full severity."""
_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted(float(_linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: Colour, other: Colour, deficiency: str) -> float:
    """Give the distance in OKLab (Ottosson 2020) that is left between two colours; .02 is barely noticed."""
    return float(np.linalg.norm(_oklab(one, deficiency) - _oklab(other, deficiency)))


def _linear(colour: Colour) -> NDArray[np.float64]:
    values = np.array(colour) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _oklab(colour: Colour, deficiency: str) -> NDArray[np.float64]:
    seen: NDArray[np.float64] = np.clip(np.array(DEFICIENCIES[deficiency]) @ _linear(colour), 0, 1)
    lab: NDArray[np.float64] = _LAB @ np.cbrt(_LMS @ seen)
    return lab
