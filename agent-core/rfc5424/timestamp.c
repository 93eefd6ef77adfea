/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/timestamp.h"

#include <time.h>

#define FRACTION_DIGITS_MAX 6

/* A year like the year 0, which GLib does not know. */
#define YEAR_LIKE_ZERO 400

/* The last microsecond of the year 9999. */
#define LAST_TIME (G_GINT64_CONSTANT(253402300799) * G_USEC_PER_SEC + 999999)

/* Takes a decimal number of just so many digits and the character behind it, if one must come. */
static gboolean
_take_number(CdText *text, gsize digits, gchar separator, gint64 *number)
{
  gsize length = digits + (separator ? 1 : 0);

  if (text->length < length || !g_ascii_isdigit(text->data[0])
      || !cd_text_to_integer(cd_text_head(*text, digits), number)
      || (separator && text->data[digits] != separator))
    return FALSE;
  *text = cd_text_skip(*text, length);
  return TRUE;
}

static gboolean
_take_date(CdText *text)
{
  gint64 year, month, day;

  if (!_take_number(text, 4, '-', &year) || !_take_number(text, 2, '-', &month)
      || !_take_number(text, 2, 'T', &day))
    return FALSE;
  if (year == 0)
    year = YEAR_LIKE_ZERO;
  return month >= 1 && month <= 12 && day >= 1
         && day <= g_date_get_days_in_month((GDateMonth) month, (GDateYear) year);
}

static gboolean
_take_time(CdText *text)
{
  gint64 hour, minute, second;

  return _take_number(text, 2, ':', &hour) && _take_number(text, 2, ':', &minute)
         && _take_number(text, 2, 0, &second) && hour < 24 && minute < 60 && second < 60;
}

static gboolean
_take_fraction(CdText *text)
{
  gsize length;

  if (cd_text_is_empty(*text) || text->data[0] != '.')
    return TRUE;
  length = 1 + cd_text_count_digits(cd_text_skip(*text, 1));
  *text = cd_text_skip(*text, length);
  return length > 1 && length <= 1 + FRACTION_DIGITS_MAX;
}

static gboolean
_is_offset(CdText text)
{
  gint64 hour, minute;

  if (cd_text_equal(text, CD_TEXT("Z")))
    return TRUE;
  if (!cd_text_has_prefix(text, CD_TEXT("+")) && !cd_text_has_prefix(text, CD_TEXT("-")))
    return FALSE;
  text = cd_text_skip(text, 1);
  return _take_number(&text, 2, ':', &hour) && _take_number(&text, 2, 0, &minute)
         && cd_text_is_empty(text) && hour < 24 && minute < 60;
}

gboolean
cd_timestamp_is_valid(CdText text)
{
  return _take_date(&text) && _take_time(&text) && _take_fraction(&text) && _is_offset(text);
}

static gchar *
_write_number(gchar *to, guint number, guint digits, gchar separator)
{
  for (guint i = digits; i-- > 0; number /= 10)
    to[i] = (gchar) ('0' + number % 10);
  to[digits] = separator;
  return to + digits + 1;
}

void
cd_timestamp_write(gint64 time, gchar buffer[CD_TIMESTAMP_LENGTH])
{
  gint64 clamped = CLAMP(time, 0, LAST_TIME);
  time_t seconds = (time_t) (clamped / G_USEC_PER_SEC);
  gchar *to = buffer;
  struct tm date;

  gmtime_r(&seconds, &date);
  to = _write_number(to, (guint) date.tm_year + 1900, 4, '-');
  to = _write_number(to, (guint) date.tm_mon + 1, 2, '-');
  to = _write_number(to, (guint) date.tm_mday, 2, 'T');
  to = _write_number(to, (guint) date.tm_hour, 2, ':');
  to = _write_number(to, (guint) date.tm_min, 2, ':');
  to = _write_number(to, (guint) date.tm_sec, 2, '.');
  _write_number(to, (guint) (clamped % G_USEC_PER_SEC), FRACTION_DIGITS_MAX, 'Z');
}
