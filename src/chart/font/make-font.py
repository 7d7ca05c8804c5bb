#!/usr/bin/env python3
"""Make the two embedded fonts of the charts from Noto Sans CJK SC.

    apt-get install fonts-noto-cjk && pip install fonttools
    python3 make-font.py FOLDER_OF_NOTO_SANS_CJK

Characters: ASCII, Latin-1, all of GB 2312 (level 1 and 2 and its symbols), a few signs and
place-name characters beyond it. Line metrics are set to 960 / -280 of 1000 units, so that layout
engines that scale by ascender minus descender agree with those that scale by the em.
The family is renamed, so that an installed Noto is never taken for this subset.
"""
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Xuewei Sans"
SIGNS = "–—…‘’“”‰≤≥≈≠±×÷·•−←↑→↓■□▲△▼▽●○◆◇★☆①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㎡€"
PLACES = "浉瀍甪堽塬峃硚硖鲘洺垟涠溆漷溠沣泃洨鄠郚墕崾埇垵瑷旸翀昉甯堃犇喆昇淼鑫圳珲濉鄄溧邳邗晟潞嵊"


def characters() -> set[int]:
    """The code points kept."""
    kept = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | {ord(c) for c in SIGNS + PLACES}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                kept.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return kept


def make(collection: Path, style: str, target: Path) -> None:
    """Write the subset of face 2 (SC) of `collection` to `target`."""
    font = TTFont(collection, fontNumber=2, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = 960, -280, 0
    os2 = font["OS/2"]
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = 960, -280, 0
    os2.usWinAscent, os2.usWinDescent = 960, 280
    compact = FAMILY.replace(" ", "") + "-" + style
    renamed = {1: FAMILY, 3: compact, 4: f"{FAMILY} {style}", 6: compact}
    for record in font["name"].names:
        if record.nameID in renamed:
            record.string = renamed[record.nameID]
    font["CFF "].cff.fontNames = [compact]
    font.save(target)


if __name__ == "__main__":
    here = Path(__file__).parent
    source = Path(sys.argv[1])
    for style in ("Regular", "Bold"):
        make(source / f"NotoSansCJK-{style}.ttc", style, here / f"XueweiSans-{style}.otf")
