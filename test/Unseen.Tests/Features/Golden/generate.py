"""Makes the golden pictures of the preprocessing tests with Pillow (made with Pillow 9.4.0 and libjpeg-turbo 2.1.5 of Debian 12).

    python3 test/Unseen.Tests/Features/Golden/generate.py

Everything is drawn here from formulas. NAME.EXT is a picture to read; NAME.expected.png is what Pillow makes of it:
convert("RGB") and EXIF transposition for the decoding tests, resize for the files resize-FILTER-WIDTHxHEIGHT.expected.png of resize.png.
"""
import math
import os
from PIL import Image, ImageOps

here = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(here, name)


def noise(x, y, c):
    return (x * 7919 + y * 104729 + c * 1299709 + x * y * 31) * 2654435761 % 4294967296 >> 24


def picture(width, height, rough=False):
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            wave = [int(127.5 + 127 * math.sin(x * (0.3 + 0.1 * c) + y * 0.2 * (c + 1))) for c in range(3)]
            image.putpixel((x, y), tuple(noise(x, y, c) if rough else wave[c] for c in range(3)))
    return image


def expect(name, image=None):
    file = Image.open(path(name))
    file.load()
    (image or ImageOps.exif_transpose(file).convert("RGB")).save(path(name.rsplit(".", 1)[0] + ".expected.png"))


# Hard edges and noise: overshoot of the cubic filter must clip, rounding must agree.
source = picture(37, 29, rough=True)
for x in range(10):
    for y in range(12):
        source.putpixel((x, y), (255, 0, 255) if x < 5 else (0, 255, 0))
source.save(path("resize.png"))
for name, kind in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)):
    for size in ((16, 16), (37, 10), (12, 29), (61, 83), (1, 1), (5, 64)):
        source.resize(size, kind).save(path("resize-%s-%dx%d.expected.png" % (name, *size)))

photo = picture(45, 34)
photo.save(path("jpeg-420.jpg"), quality=80, subsampling=2)
photo.save(path("jpeg-422.jpg"), quality=80, subsampling=1)
photo.save(path("jpeg-444.jpg"), quality=95, subsampling=0)
photo.save(path("jpeg-progressive.jpg"), quality=75, progressive=True)
photo.convert("L").save(path("jpeg-grey.jpg"), quality=85)
photo.convert("CMYK").save(path("jpeg-cmyk.jpg"), quality=95)
photo.convert("L").save(path("png-grey.png"))
photo.convert("P", palette=Image.ADAPTIVE, colors=16).save(path("png-palette.png"))
alpha = photo.copy()
alpha.putalpha(Image.linear_gradient("L").resize(photo.size))
alpha.save(path("png-alpha.png"))
alpha.convert("LA").save(path("png-grey-alpha.png"))
photo.convert("1").save(path("png-bilevel.png"))
photo.save(path("bmp.bmp"))
photo.save(path("webp.webp"), lossless=True)
photo.convert("P", palette=Image.ADAPTIVE, colors=32).save(path("gif.gif"))
for name in ("jpeg-420.jpg", "jpeg-422.jpg", "jpeg-444.jpg", "jpeg-progressive.jpg", "jpeg-grey.jpg", "jpeg-cmyk.jpg", "png-grey.png",
             "png-palette.png", "png-alpha.png", "png-grey-alpha.png", "png-bilevel.png", "bmp.bmp", "webp.webp", "gif.gif"):
    expect(name)

for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    name = "exif-%d.jpg" % orientation
    picture(21, 14).save(path(name), quality=90, subsampling=0, exif=exif)
    expect(name)
