/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a secret ends that only its surroundings give away, and what is a word instead. */
#ifndef CD_SECRET_VALUE_H
#define CD_SECRET_VALUE_H

#include "disconnect/text.h"

/** Whether a byte is one of a set; NUL never is. */
static inline gboolean
cd_value_is_in(gchar c, const gchar *set)
{
  return c && strchr(set, c);
}

/** Whether it is one of the three quotes. */
static inline gboolean
cd_value_is_quote(gchar c)
{
  return cd_value_is_in(c, "\"'`");
}

/** Whether a byte is percent-encoded here, by its digits: "2F". */
gboolean cd_value_matches_code(CdText text, const gchar *digits);

/** Bytes of blanks, those among them that are escaped: `\n`, `\r`, `\t`. */
gsize cd_value_span_blanks(CdText text);

/** Bytes of backslashes. */
gsize cd_value_span_backslashes(CdText text);

/**
 * Where a quotation ends whose opening quote stood behind @n_backslashes, before the backslashes of
 * the closing one; the text's length where it has no end.
 */
gsize cd_value_find_closing(CdText text, gchar quote, gsize n_backslashes);

/** Bytes of a value without quotes: to a blank or the next parameter. */
gsize cd_value_span_plain(CdText text);

/** Bytes of what is in brackets, of which the closing one is @closing; it may be doubled inside. */
gsize cd_value_span_list(CdText text, gchar closing);

/** Bytes to the end of the line. */
gsize cd_value_span_line(CdText text);

/** Whether a text begins with what is no word of prose, nor an address or a link. */
gboolean cd_value_is_unwordly(CdText text);

/** Whether something in it is redacted: what is left was found to be no secret before. */
gboolean cd_value_is_judged(CdText text);

/** Whether it can be credentials; "authentication" cannot. */
gboolean cd_value_is_credentials(CdText word);

/** Whether it is one of the words, of which the last is %NULL, whatever its case. */
gboolean cd_value_is_one_of(CdText word, const gchar *const *words);

#endif
