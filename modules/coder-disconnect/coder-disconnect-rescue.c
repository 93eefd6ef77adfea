/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-rescue.h"

/* RFC 6587, 3.4.1; more digits are no length of a message. */
#define COUNT_DIGITS_MAX 9

static gboolean
_is_count(CdText program)
{
  return program.length <= COUNT_DIGITS_MAX && cd_text_count_digits(program) == program.length;
}

/* The digits of a count at the start, 0 where none stands before a frame. */
static gsize
_count_length(CdText text)
{
  gsize digits = cd_text_count_digits(text);
  gboolean is_count = digits && digits <= COUNT_DIGITS_MAX
                      && cd_text_has_prefix(cd_text_skip(text, digits), CD_TEXT(" <"));

  return is_count ? digits : 0;
}

static gsize
_get_number(CdText digits)
{
  gint64 number = 0;

  return cd_text_to_integer(digits, &number) ? (gsize) number : 0;
}

/* Divides the text of counted frames: the first one, and the others. A count that no other frame
 * confirms proves nothing: the source may have changed the text, or cut it. */
static CdText
_split_frames(CdText text, gsize count, CdText *others)
{
  CdText rest = cd_text_skip(text, count);

  *others = count && _count_length(rest) ? rest : CD_TEXT_NONE;
  return (CdText) { text.data, text.length - others->length };
}

/* The first frame, wherever its count stands. */
static CdText
_take_frame(CdText program, CdText text, CdText *others)
{
  gsize digits;

  *others = CD_TEXT_NONE;
  if (!cd_text_is_empty(program))
    return _split_frames(text, _get_number(program), others);
  digits = _count_length(text);
  if (!digits)
    return text;
  return _split_frames(cd_text_skip(text, digits + 1), _get_number(cd_text_head(text, digits)),
                       others);
}

/* What a source that has dropped the count took for the program. */
static gboolean
_has_lost_count(CdText program)
{
  gsize pri = cd_header_pri_length(program);

  return pri && cd_text_is(cd_text_skip(program, pri), "1");
}

/* Where the count begins that stands before the bracket and announces this length; 0: nowhere.
 * Digits before it may belong to the frame before. */
static gsize
_find_count(CdText text, gsize bracket, gsize announced)
{
  gsize value = 0;
  gsize scale = 1;
  gsize at = bracket - 1;

  if (bracket < 2 || text.data[at] != ' ')
    return 0;
  for (; at > 0 && g_ascii_isdigit(text.data[at - 1]) && bracket - at <= COUNT_DIGITS_MAX; at--)
    {
      value += scale * (gsize) g_ascii_digit_value(text.data[at - 1]);
      scale *= 10;
      if (value == announced && text.data[at - 1] != '0')
        return at - 1;
    }
  return 0;
}

/* Where the first count is lost, a frame is what a count announces up to the end of the text, or
 * up to the next such count. */
static CdText
_find_frames(CdText text)
{
  gsize first = text.length;

  for (gsize at = text.length; at-- > 0;)
    {
      gsize count = text.data[at] == '<' ? _find_count(text, at, first - at) : 0;

      if (count && cd_header_matters(cd_text_skip(text, at)))
        at = first = count;
    }
  return cd_text_skip(text, first);
}

CdHeaderPart
coder_rescue_read(CdText program, CdText text, CdHeader *header, CdText *others)
{
  *others = CD_TEXT_NONE;
  if (cd_text_is(program, "1"))
    return cd_header_read_from_timestamp(text, header);
  if (_has_lost_count(program))
    {
      *others = _find_frames(text);
      return cd_header_read_from_timestamp(cd_text_head(text, text.length - others->length),
                                           header);
    }
  if (!_is_count(program))
    return CD_HEADER_PRI;
  text = _take_frame(program, text, others);
  return cd_header_matters(text) ? cd_header_read(text, header) : CD_HEADER_PRI;
}
