/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_DETAIL_H
#define CD_DETAIL_H

#include "disconnect/text.h"

/** Bytes that a cleaned text has at most; a longer one is cut at a character and ends in "…". */
#define CD_DETAIL_MAX 1024

/**
 * Whether a peer's text can stand in a log as it is: at most %CD_DETAIL_MAX bytes of ASCII
 * without control characters. Other text may still be clean; cd_detail_append() then changes
 * nothing.
 */
gboolean cd_detail_is_plain(CdText text);

/**
 * Appends a peer's text so that nothing that reads the log later can be fooled by it: control
 * characters, bidirectional controls and line separators as visible escapes (`\n`, `\x1b`,
 * `\u202e`), bytes that are not UTF-8 as `\xff`, at most %CD_DETAIL_MAX bytes in all.
 */
void cd_detail_append(GString *out, CdText text);

#endif
