/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/mark.h"

static const CdNameInfo marks[] = {
  [CD_MARK_DERIVED] = { CD_TEXT_WORD("derived"),
                        "The sender named no reason, or an older text that is known; this one is"
                        " worked out from it." },
  [CD_MARK_CONTRADICTION] = { CD_TEXT_WORD("contradiction"),
                              "It says what cannot all be true, or a word that no vocabulary has,"
                              " also a reason outside the vocabulary and the known older texts." },
  [CD_MARK_MALFORMED] = { CD_TEXT_WORD("malformed"),
                          "A part of it is broken; what could be read counts." },
};
G_STATIC_ASSERT(G_N_ELEMENTS(marks) == CD_N_MARKS);

const CdNameInfo *
cd_mark_get_info(CdMark mark)
{
  return &marks[mark];
}
