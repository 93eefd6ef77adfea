/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-rescue.h"

/* RFC 6587, 3.4.1; more digits are no length of a message. */
#define COUNT_DIGITS_MAX 9

static gsize
_leading_digits(CdText text)
{
  gsize length = 0;

  while (length < text.length && g_ascii_isdigit(text.data[length]))
    length++;
  return length;
}

static gboolean
_is_count(CdText program)
{
  return program.length <= COUNT_DIGITS_MAX && _leading_digits(program) == program.length;
}

static CdText
_skip_count(CdText text)
{
  gsize digits = _leading_digits(text);
  CdText rest = cd_text_skip(text, digits);

  if (!digits || digits > COUNT_DIGITS_MAX || !cd_text_has_prefix(rest, CD_TEXT(" <")))
    return text;
  return cd_text_skip(rest, 1);
}

CdHeaderPart
coder_rescue_read(CdText program, CdText text, CdHeader *header)
{
  if (cd_text_is(program, "1"))
    return cd_header_read_from_timestamp(text, header);
  if (!_is_count(program))
    return CD_HEADER_PRI;
  if (cd_text_is_empty(program))
    text = _skip_count(text);
  return cd_header_matters(text) ? cd_header_read(text, header) : CD_HEADER_PRI;
}
