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
 * The same for words, which may hold a secret: %FALSE also where one could be; what
 * cd_detail_append_words() would do.
 */
gboolean cd_detail_is_plain_words(CdText text);

/**
 * Appends a peer's text so that nothing that reads the log later can be fooled by it: control
 * characters, bidirectional controls and line separators as visible escapes (`\n`, `\x1b`,
 * `\u202e`), bytes that are not UTF-8 as `\xff`, at most %CD_DETAIL_MAX bytes in all.
 */
void cd_detail_append(GString *out, CdText text);

/**
 * The same for words, which may hold a secret: cd_redact_append() comes before the cut, so that
 * nothing is left of a secret that it goes through. What was appended once stays as it is when it
 * is appended again.
 */
void cd_detail_append_words(GString *out, CdText text);

/**
 * Appends a part of @whole as cd_detail_append_words() would leave it there: the name that makes a
 * secret of it may stand in front. A secret as a whole becomes %CD_REDACTED.
 */
void cd_detail_append_part(GString *out, CdText part, CdText whole);

#endif
