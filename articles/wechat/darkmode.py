"""What WeChat's dark mode makes of colours. Pure.

Follows the rules of WeChat's own published converter (wechatjs/mp-darkmode): grounds that are
white or grey are turned dark, other light ones only dimmed; words are lightened or darkened until
they stand out from the ground they have then. An approximation: pictures and gradients are left
out, and WeChat may change the rules.
"""

import colorsys

Colour = tuple[int, int, int]

LIGHT_INK: Colour = (0x19, 0x19, 0x19)
DARK_GROUND: Colour = (0x19, 0x19, 0x19)
DARK_INK: Colour = (0xA3, 0xA3, 0xA3)

# Brightness as it is perceived, 0 to 255.
WHITE = 250
BRIGHTEST_GROUND = 190
LIGHT_GROUND = 100
LEAST_DISTANCE = 65
# Lightness of HSL, 0 to 100.
LIGHT_GREY = 40
DARKEST_GROUND = 22


def brightness(colour: Colour) -> float:
    """Perceived brightness, 0 to 255 (W3C: AERT, color contrast)."""
    red, green, blue = colour
    return (red * 299 + green * 587 + blue * 114) / 1000


MOST_DISTANCE = brightness(DARK_INK) - brightness(DARK_GROUND)


def ground(colour: Colour) -> Colour:
    """The ground that stands in dark mode where ``colour`` stands in light mode."""
    hue, lightness, saturation = _hsl(colour)
    bright = brightness(colour)
    if (saturation == 0 and lightness > LIGHT_GREY) or bright > WHITE:
        return _rgb(0, min(100, 100 + _hsl(DARK_GROUND)[1] - lightness), 0)
    if bright > BRIGHTEST_GROUND:
        return _of_brightness(colour, BRIGHTEST_GROUND)
    if lightness < DARKEST_GROUND:
        return _rgb(hue, DARKEST_GROUND, saturation)
    return colour


def ink(colour: Colour, on: Colour = DARK_GROUND) -> Colour:
    """The colour of words or lines in dark mode, ``on`` a ground as `ground` answers it."""
    mine, below = brightness(colour), brightness(on)
    if mine >= WHITE:
        return colour
    distance = abs(below - mine)
    if distance > MOST_DISTANCE and below <= brightness(DARK_GROUND) + 2:
        return _of_brightness(colour, MOST_DISTANCE + below)
    if distance >= LEAST_DISTANCE:
        return colour
    hue, lightness, saturation = _hsl(colour)
    is_light = below >= LIGHT_GROUND
    if (lightness > 90 - LIGHT_GREY) if is_light else (lightness <= LIGHT_GREY):
        return ink(_rgb(hue, 90 - lightness, saturation), on)
    aim = below - LEAST_DISTANCE if is_light else below + LEAST_DISTANCE
    return _of_brightness(colour, min(MOST_DISTANCE, aim))


def _of_brightness(colour: Colour, aim: float) -> Colour:
    """``colour`` scaled to a perceived brightness; what one channel cannot give, green gives."""
    factor = aim / (brightness(colour) or 1)
    red, green, blue = (min(255.0, part * factor) for part in colour)
    if green == 0 or red == 255 or blue == 255:
        green = (aim * 1000 - red * 299 - blue * 114) / 587
    elif red == 0:
        red = (aim * 1000 - green * 587 - blue * 114) / 299
    elif blue == 0 or green == 255:
        blue = (aim * 1000 - red * 299 - green * 587) / 114
    return _whole(red, green, blue)


def _hsl(colour: Colour) -> tuple[float, float, float]:
    """Hue 0 to 1, lightness and saturation 0 to 100."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    return hue, lightness * 100, saturation * 100


def _rgb(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness / 100, saturation / 100)
    return _whole(red * 255, green * 255, blue * 255)


def _whole(red: float, green: float, blue: float) -> Colour:
    return tuple(min(255, max(0, round(part))) for part in (red, green, blue))
