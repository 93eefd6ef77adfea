/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/shape.h"

#include "slog/prefix.h"

/* A line's head with every known prefix ends before this; it bounds the gate's cost. */
#define HEAD_MAX 512

/* kubectl's pod, kubectl's time, docker's time and one more. */
#define PIECES_MAX 4

#define ESCAPE '\x1b'

#define DATE "0000-00-00 00:00:00.000 "

/* "[warn]" */
#define LEVEL_LENGTH 6

static gboolean
_is_level(const gchar *name)
{
  static const gchar levels[][5] = { "debu", "info", "warn", "erro", "crit", "fata", "unkn" };

  for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
    if (memcmp(name, levels[i], 4) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
_is_legacy_level(CdText name)
{
  static const gchar *const levels[] = { "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL", "FATAL" };

  for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
    if (cd_text_is(name, levels[i]))
      return TRUE;
  return FALSE;
}

static CdShape
_match_human(CdText text, gsize bracket, gsize *at)
{
  const gchar *level = text.data + bracket;

  if (bracket + LEVEL_LENGTH + 2 > text.length || level[5] != ']' || !_is_level(level + 1)
      || level[6] != ' ' || level[7] != ' ')
    return CD_SHAPE_OTHER;
  *at = bracket + LEVEL_LENGTH + 2;
  return CD_SHAPE_HUMAN;
}

static CdShape
_match_legacy(CdText text, gsize bracket, gsize *at)
{
  const gsize longest = sizeof("[CRITICAL]") - 1;
  CdText level = cd_text_head(cd_text_skip(text, bracket + 1), longest);
  const gchar *close = memchr(level.data, ']', level.length);
  gsize after;

  if (!close || !_is_legacy_level(cd_text_between(level.data, close)))
    return CD_SHAPE_OTHER;
  after = (gsize) (close - text.data) + 1;
  if (after >= text.length || text.data[after] != '\t')
    return CD_SHAPE_OTHER;
  *at = after;
  return CD_SHAPE_LEGACY;
}

static CdShape
_match_level(CdText text, gsize bracket, gsize *at)
{
  if (bracket + 1 >= text.length)
    return CD_SHAPE_OTHER;
  if (g_ascii_islower(text.data[bracket + 1]))
    return _match_human(text, bracket, at);
  return _match_legacy(text, bracket, at);
}

static CdShape
_match_line(CdText text, gsize start, gsize *at)
{
  /* It may be missing: many syslog sources take it away for the message's own time. */
  const gsize date = cd_text_has_shape(cd_text_skip(text, start), DATE) ? strlen(DATE) : 0;

  if (start + date >= text.length)
    return CD_SHAPE_OTHER;
  switch (text.data[start + date])
    {
    case '[':
      return _match_level(text, start + date, at);
    case ESCAPE:
      return CD_SHAPE_COLOURED;
    case '{':
      *at = start;
      return date ? CD_SHAPE_OTHER : CD_SHAPE_JSON;
    default:
      return CD_SHAPE_OTHER;
    }
}

static gsize
_skip_blanks(CdText text, gsize at)
{
  while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
    at++;
  return at;
}

CdShape
cd_shape_find(CdText text, gsize *at)
{
  CdText head = cd_text_head(text, HEAD_MAX);
  gsize start = 0;

  for (guint pieces = 0; pieces <= PIECES_MAX; pieces++)
    {
      CdShape shape;
      gsize length;

      start = _skip_blanks(head, start);
      shape = _match_line(head, start, at);
      if (shape != CD_SHAPE_OTHER)
        return shape;
      length = cd_prefix_read(cd_text_skip(head, start));
      if (!length)
        return CD_SHAPE_OTHER;
      start += length;
    }
  return CD_SHAPE_OTHER;
}
