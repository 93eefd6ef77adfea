/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/text.h"

/* 18 digits always fit 64 bits, so that no overflow can occur. */
#define INTEGER_DIGITS_MAX 18

const gchar *
cd_text_find(CdText self, CdText needle)
{
  if (self.length < needle.length)
    return NULL;
  return memmem(self.data, self.length, needle.data, needle.length);
}

static gboolean
_is_blank(gchar c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

CdText
cd_text_strip(CdText self)
{
  while (self.length && _is_blank(self.data[0]))
    self = cd_text_skip(self, 1);
  while (self.length && _is_blank(self.data[self.length - 1]))
    self.length--;
  return self;
}

gsize
cd_text_count_digits(CdText self)
{
  gsize count = 0;

  while (count < self.length && g_ascii_isdigit(self.data[count]))
    count++;
  return count;
}

gboolean
cd_text_to_integer(CdText self, gint64 *value)
{
  gboolean negative = self.length && self.data[0] == '-';
  CdText digits = cd_text_skip(self, negative);
  gint64 sum = 0;

  if (digits.length == 0 || digits.length > INTEGER_DIGITS_MAX)
    return FALSE;
  for (gsize i = 0; i < digits.length; i++)
    {
      if (!g_ascii_isdigit(digits.data[i]))
        return FALSE;
      sum = sum * 10 + (digits.data[i] - '0');
    }
  *value = negative ? -sum : sum;
  return TRUE;
}
