/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TEXT_H
#define CD_TEXT_H

#include <glib.h>
#include <string.h>

/**
 * CdText:
 * @data: first byte; not terminated by NUL, may hold any byte
 * @length: bytes
 *
 * A view into text that somebody else owns. An absent text has @data %NULL.
 */
typedef struct _CdText
{
  const gchar *data;
  gsize length;
} CdText;

#define CD_TEXT(literal) ((CdText) { (literal), sizeof(literal) - 1 })

/** The first two members of a table's row: a word, and the same as a #CdText. */
#define CD_TEXT_WORD(literal)                                                                      \
  (literal),                                                                                       \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }

#define CD_TEXT_NONE ((CdText) { NULL, 0 })

/** A view of a NUL-terminated string; %NULL gives an absent text. */
static inline CdText
cd_text_from_string(const gchar *string)
{
  return (CdText) { string, string ? strlen(string) : 0 };
}

/** The bytes between two pointers of one text. */
static inline CdText
cd_text_between(const gchar *start, const gchar *end)
{
  return (CdText) { start, (gsize) (end - start) };
}

/** Whether nothing is in it. */
static inline gboolean
cd_text_is_empty(CdText self)
{
  return self.length == 0;
}

/** Byte for byte the same. */
static inline gboolean
cd_text_equal(CdText self, CdText other)
{
  return self.length == other.length
         && (self.length == 0 || memcmp(self.data, other.data, self.length) == 0);
}

/** Byte for byte the same as a NUL-terminated string. Most differ in their first byte. */
static inline gboolean
cd_text_is(CdText self, const gchar *string)
{
  if (self.length == 0 || string[0] != self.data[0])
    return self.length == 0 && string[0] == '\0';
  return strlen(string) == self.length && memcmp(self.data, string, self.length) == 0;
}

/** Whether it begins with @prefix. */
static inline gboolean
cd_text_has_prefix(CdText self, CdText prefix)
{
  return self.length >= prefix.length
         && (prefix.length == 0 || memcmp(self.data, prefix.data, prefix.length) == 0);
}

/** Whether it begins with @shape, in which a 0 stands for any digit. */
static inline gboolean
cd_text_has_shape(CdText self, const gchar *shape)
{
  for (gsize i = 0; shape[i]; i++)
    if (i == self.length
        || (shape[i] == '0' ? !g_ascii_isdigit(self.data[i]) : shape[i] != self.data[i]))
      return FALSE;
  return TRUE;
}

/** All but the first @count bytes; @count beyond the end gives an empty text. */
static inline CdText
cd_text_skip(CdText self, gsize count)
{
  gsize skipped = MIN(count, self.length);
  return (CdText) { skipped ? self.data + skipped : self.data, self.length - skipped };
}

/** The first @count bytes at most. */
static inline CdText
cd_text_head(CdText self, gsize count)
{
  return (CdText) { self.data, MIN(count, self.length) };
}

/**
 * Where @needle first begins, %NULL where it does not occur. Linear in the length.
 */
const gchar *cd_text_find(CdText self, CdText needle);

/**
 * Without blanks (space, tab, carriage return, newline) at both ends.
 */
CdText cd_text_strip(CdText self);

/** How many decimal digits it begins with. */
gsize cd_text_count_digits(CdText self);

/**
 * Reads a decimal integer that fills the whole text: an optional minus sign and 1 to 18 digits.
 *
 * Returns: %FALSE and leaves @value alone for anything else.
 */
gboolean cd_text_to_integer(CdText self, gint64 *value);

#endif
