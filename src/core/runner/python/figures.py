"""Pictures: a PNG in the run's folder for each figure that is shown or saved through matplotlib or shown through PIL.

The program's own calls do what they would do; where they would open a window, there is none.
"""

import functools
import hashlib
import os

_MOST_PICTURES = 4
_MOST_BYTES = 1000000
_seen = set()
_run = None


def after_import(name, module, run):
    """Patch a module of matplotlib or PIL that has just been imported."""
    global _run
    _run = run
    if name == "matplotlib.figure":
        _watch_savefig(module.Figure)
    elif name == "matplotlib.pyplot":
        _replace_show(module)
    elif name == "PIL.ImageShow":
        module.show = lambda image, title=None, **options: _keep_image(image)


def _keep(png):
    """Write a picture for the reader of the run, once."""
    digest = hashlib.sha256(png).hexdigest()
    if digest in _seen or len(_seen) >= _MOST_PICTURES or len(png) > _MOST_BYTES:
        return
    _seen.add(digest)
    # The process is part of the name for programs that fork; the number keeps the order.
    name = "picture-{}-{:02}.png".format(os.getpid(), len(_seen))
    with open(os.path.join(_run, name), "xb") as file:  # Not into what the program has put there.
        file.write(png)


def _rendered(figure, savefig):
    """The figure as PNG, at a lower resolution where it would be too large."""
    import io

    png = b""
    for dpi in ("figure", 72, 36):
        buffer = io.BytesIO()
        savefig(figure, buffer, format="png", dpi=dpi)
        png = buffer.getvalue()
        if len(png) <= _MOST_BYTES:
            break
    return png


def _quietly(keep, *arguments):
    try:
        if len(_seen) < _MOST_PICTURES:
            keep(*arguments)
    except Exception:  # The program goes on without its picture.
        pass


def _watch_savefig(figure_class):
    original = figure_class.savefig

    @functools.wraps(original)  # pyplot looks at the name that the method goes by.
    def savefig(self, *arguments, **options):
        result = original(self, *arguments, **options)
        _quietly(_keep_figure, self)
        return result

    figure_class.savefig = savefig
    figure_class._python_tools_savefig = original


def _keep_figure(figure):
    _keep(_rendered(figure, type(figure)._python_tools_savefig))


def _replace_show(pyplot):
    """As in a window that the user closes at once: every figure is seen, and is gone afterwards."""

    @functools.wraps(pyplot.show)
    def show(*arguments, **options):
        for number in pyplot.get_fignums():
            _quietly(_keep_figure, pyplot.figure(number))
        pyplot.close("all")

    pyplot.show = show


def _keep_image(image):
    _quietly(_keep_pil, image)
    return True


def _keep_pil(image):
    import io

    picture = image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I") else image.convert("RGB")
    while True:
        buffer = io.BytesIO()
        picture.save(buffer, format="PNG")
        if buffer.tell() <= _MOST_BYTES or max(picture.size) < 64:
            break
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)))
    _keep(buffer.getvalue())
