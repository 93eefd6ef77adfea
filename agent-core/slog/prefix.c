/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/prefix.h"

/* All readers: the length of what they look for where it stands at the start of @rest, else 0. */

static gsize
_token_length(CdText text)
{
  gsize length = 0;

  while (length < text.length && text.data[length] != ' ' && text.data[length] != '\t')
    length++;
  return length;
}

static gsize
_blanks_length(CdText text)
{
  gsize length = 0;

  while (length < text.length && (text.data[length] == ' ' || text.data[length] == '\t'))
    length++;
  return length;
}

static gsize
_read_pod(CdText rest)
{
  gsize length = _token_length(rest);

  if (length < 3 || rest.data[0] != '[' || rest.data[length - 1] != ']')
    return 0;
  return cd_text_has_prefix(rest, CD_TEXT("[pod/")) ? length : 0;
}

static gsize
_read_iso_time(CdText rest)
{
  return cd_text_has_shape(rest, "0000-00-00T00:00:00") ? _token_length(rest) : 0;
}

static gsize
_read_container_stream(CdText rest)
{
  static const gchar *const streams[] = { "stdout F ", "stderr F ", "stdout P ", "stderr P " };

  for (gsize i = 0; i < G_N_ELEMENTS(streams); i++)
    if (cd_text_has_prefix(rest, cd_text_from_string(streams[i])))
      return strlen(streams[i]);
  return 0;
}

static gsize
_container_name_length(CdText text)
{
  gsize length = 0;

  while (length < text.length
         && (g_ascii_isalnum(text.data[length]) || memchr("_.-", text.data[length], 3)))
    length++;
  return length;
}

static gsize
_read_compose(CdText rest)
{
  gsize name = _container_name_length(rest);
  gsize blanks = _blanks_length(cd_text_skip(rest, name));
  gsize bar = name + blanks;

  if ((name == 0) != (blanks == 0))
    return 0;
  return cd_text_has_prefix(cd_text_skip(rest, bar), CD_TEXT("| ")) ? bar + 2 : 0;
}

static gsize
_read_go_test(CdText rest)
{
  gsize length = _token_length(rest);
  const gchar *file;
  gsize at;

  if (!length || rest.data[length - 1] != ':')
    return 0;
  file = cd_text_find(cd_text_head(rest, length), CD_TEXT(".go:"));
  if (!file)
    return 0;
  at = (gsize) (file - rest.data) + strlen(".go:");
  if (at + 1 >= length)
    return 0;
  return at + cd_text_count_digits(cd_text_skip(rest, at)) + 1 == length ? length : 0;
}

static gsize
_host_length(CdText text)
{
  gsize length = 0;

  while (length < text.length
         && (g_ascii_isalnum(text.data[length]) || memchr("_.-:", text.data[length], 4)))
    length++;
  return length;
}

static gsize
_read_host_and_program(CdText rest)
{
  gsize blank = _blanks_length(rest);
  gsize host = _host_length(cd_text_skip(rest, blank));
  gsize gap = _blanks_length(cd_text_skip(rest, blank + host));
  gsize program_at = blank + host + gap;
  gsize program = _token_length(cd_text_skip(rest, program_at));

  if (!host || !gap || program < 2 || rest.data[program_at + program - 1] != ':')
    return 0;
  return program_at + program;
}

static gsize
_journal_date_length(CdText rest)
{
  static const gchar *const shapes[] = { "00 00:00:00", " 0 00:00:00" };
  const gsize at = 4;
  const CdText behind = cd_text_skip(rest, at);

  if (rest.length < at || !g_ascii_isupper(rest.data[0]) || rest.data[3] != ' ')
    return 0;
  if (cd_text_has_shape(behind, "0000-00-00 00:00:00 ")) /* Sat 2026-11-21 07:37:29 UTC */
    return at + 20 + _token_length(cd_text_skip(rest, at + 20));
  for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++)
    if (cd_text_has_shape(behind, shapes[i]))
      return at + 9 + _token_length(cd_text_skip(rest, at + 9));
  return 0;
}

/* Seconds, since 1970 or since the start of the machine, with microseconds. */
static gsize
_journal_number_length(CdText rest)
{
  gsize seconds = cd_text_count_digits(rest);

  return cd_text_has_shape(cd_text_skip(rest, seconds), ".000000 ") ? seconds + strlen(".000000")
                                                                    : 0;
}

static gsize
_read_journal(CdText rest, gsize date)
{
  gsize program = date ? _read_host_and_program(cd_text_skip(rest, date)) : 0;

  return program ? date + program : 0;
}

static gsize
_read_number(CdText rest)
{
  gsize time = _read_iso_time(rest);
  gsize journal = _read_journal(rest, time ? time : _journal_number_length(rest));

  return journal ? journal : time;
}

static gsize
_read_word(CdText rest)
{
  gsize length = g_ascii_isupper(rest.data[0]) ? _read_journal(rest, _journal_date_length(rest))
                                               : 0;

  if (!length && rest.data[0] == 's')
    length = _read_container_stream(rest);
  return length ? length : _read_go_test(rest);
}

gsize
cd_prefix_read(CdText rest)
{
  gsize length;

  if (cd_text_is_empty(rest))
    return 0;
  if (rest.data[0] == '[')
    return _read_pod(rest);
  length = g_ascii_isdigit(rest.data[0]) ? _read_number(rest) : _read_word(rest);
  return length ? length : _read_compose(rest);
}
