/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/shape.h"

#include "slog/prefix.h"

/* A line's head with every known prefix ends before this; it bounds the gate's cost. */
#define HEAD_MAX 512

#define ESCAPE '\x1b'

/* "2026-11-21 07:37:29.225 " */
#define DATE_LENGTH 24

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

static gboolean
_is_date(const gchar *text)
{
  static const gchar shape[] = "0000-00-00 00:00:00.000 ";

  for (gsize i = 0; i < DATE_LENGTH; i++)
    if (shape[i] == '0' ? !g_ascii_isdigit(text[i]) : shape[i] != text[i])
      return FALSE;
  return TRUE;
}

/* The date may be missing: many syslog sources take it away for the message's own time. */
static gboolean
_is_line_head(CdText text, gsize level_at)
{
  gsize start = level_at;

  if (level_at >= DATE_LENGTH && _is_date(text.data + level_at - DATE_LENGTH))
    start -= DATE_LENGTH;
  return cd_prefix_reaches(text, start);
}

static CdShape
_match_human(CdText text, gsize bracket, gsize *at)
{
  const gchar *level = text.data + bracket;

  if (bracket + LEVEL_LENGTH + 2 > text.length || level[5] != ']' || !_is_level(level + 1))
    return CD_SHAPE_OTHER;
  if (level[6] != ' ' || level[7] != ' ' || !_is_line_head(text, bracket))
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
  if (after >= text.length || text.data[after] != '\t' || !_is_line_head(text, bracket))
    return CD_SHAPE_OTHER;
  *at = after;
  return CD_SHAPE_LEGACY;
}

static CdShape
_match_bracket(CdText text, gsize bracket, gsize *at)
{
  gchar next;

  if (bracket > 0 && text.data[bracket - 1] == ESCAPE)
    return CD_SHAPE_COLOURED;
  if (bracket + 1 >= text.length)
    return CD_SHAPE_OTHER;
  next = text.data[bracket + 1];
  if (g_ascii_islower(next))
    return _match_human(text, bracket, at);
  return g_ascii_isupper(next) ? _match_legacy(text, bracket, at) : CD_SHAPE_OTHER;
}

static CdShape
_find_bracket(CdText text, gsize *at)
{
  CdText head = cd_text_head(text, HEAD_MAX);
  const gchar *end = head.data + head.length;
  const gchar *bracket = head.data;

  while ((bracket = memchr(bracket, '[', (gsize) (end - bracket))))
    {
      CdShape shape = _match_bracket(text, (gsize) (bracket - text.data), at);
      if (shape != CD_SHAPE_OTHER)
        return shape;
      bracket++;
    }
  return CD_SHAPE_OTHER;
}

CdShape
cd_shape_find(CdText text, gsize *at)
{
  CdText head = cd_text_head(text, HEAD_MAX);
  const gchar *brace;

  if (cd_text_is_empty(text))
    return CD_SHAPE_OTHER;
  brace = memchr(head.data, '{', head.length);
  if (brace && cd_prefix_reaches(text, (gsize) (brace - text.data)))
    {
      *at = (gsize) (brace - text.data);
      return CD_SHAPE_JSON;
    }
  return _find_bracket(text, at);
}
