/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output that scrolls off before anybody looks is not drawn. */
#include "pty/screen-state.h"

/* Less is drawn at once. */
#define SKIP_MIN (8 * 1024)

/* A run of lines that nothing interrupts: behind as many as two screens, all that is shown is of
 * the run. */
typedef struct _Run
{
  gsize begin;
  gsize lines;
  gboolean returned; /* the byte before is a carriage return */
} Run;

gboolean
cd_screen_model_may_jump(const CdScreenModel *self)
{
  return !self->alternate && !cd_screen_has_margins(self);
}

void
cd_screen_model_jump(CdScreenModel *self)
{
  CdScreenSaved last = { { 0, 0 }, { { 0 } } };

  cd_screen_wake(self);
  cd_screen_save(self, &last);
  cd_screen_tell(self, "\033[m\033[2J");
  last.at = (VTermPos) { self->rows - 1, 0 };
  cd_screen_tell_cursor(self, &last);
  g_string_truncate(self->held, 0);
  self->swallowed = 0;
  self->last = 0;
}

static gboolean
_is_private(const CdScreenToken *token, gint number)
{
  for (guint i = 0; i < token->n_args; i++)
    if (token->args[i] == number)
      return token->leader == '?';
  return FALSE;
}

/* What says where the screen scrolls, or which screen it is, or remembers a place on it. */
static gboolean
_is_barrier(const CdScreenToken *token)
{
  if (token->type == CD_SCREEN_ESCAPE)
    return token->intermediate == 0 && strchr("78c", token->final);
  if (token->type != CD_SCREEN_CSI)
    return FALSE;
  if (token->final == 'h' || token->final == 'l')
    return _is_private(token, 47) || _is_private(token, 69) || _is_private(token, 1047)
           || _is_private(token, 1048) || _is_private(token, 1049);
  return strchr("rsupg", token->final) != NULL;
}

/* Whether the token lets the run go on: it goes no line up, and erases none. */
static gboolean
_goes_on(const CdScreenToken *token)
{
  switch (token->type)
    {
    case CD_SCREEN_CONTROL:
    case CD_SCREEN_TEXT:
    case CD_SCREEN_STRING:
    case CD_SCREEN_NOISE:
      return TRUE;
    case CD_SCREEN_ESCAPE:
      return token->intermediate ? token->intermediate != '#' : !!strchr("=>no", token->final);
    case CD_SCREEN_CSI:
      return (!token->leader && strchr("mKCGX", token->final))
             || (token->leader == '?' && strchr("hl", token->final) && !_is_private(token, 6));
    }
  return FALSE;
}

/* How many lines more a text takes than one, wherever in the line it begins. */
static gsize
_count_wraps(const CdScreenModel *self, CdText ascii)
{
  return ascii.length ? (ascii.length - 1) / (gsize) self->columns : 0;
}

static void
_count(Run *self, const CdScreenToken *token, gsize end)
{
  const gboolean is_control = token->type == CD_SCREEN_CONTROL;

  if (!_goes_on(token))
    *self = (Run) { .begin = G_MAXSIZE };
  else if (is_control && token->bytes.data[0] == '\n' && self->begin != G_MAXSIZE)
    self->lines++;
  else if (is_control && token->bytes.data[0] == '\n' && self->returned)
    *self = (Run) { .begin = end };
  self->returned = is_control && token->bytes.data[0] == '\r';
}

/* Where the last run that fills the screen begins, before the first barrier. */
static gsize
_find_run(const CdScreenModel *self, CdText pending)
{
  Run run = { .begin = G_MAXSIZE };
  CdScreenToken token;
  gboolean wraps = self->modes.autowrap;
  gsize found = 0;
  gsize at = 0;

  while (cd_screen_lexer_next(cd_text_skip(pending, at), &token) && !_is_barrier(&token))
    {
      at += token.bytes.length;
      _count(&run, &token, at);
      wraps = wraps && (token.type != CD_SCREEN_CSI || !_is_private(&token, 7));
      if (wraps && token.type == CD_SCREEN_TEXT && token.ascii)
        run.lines += _count_wraps(self, token.bytes);
      if (run.begin == G_MAXSIZE || run.lines < 2 * (gsize) self->rows)
        continue;
      found = run.begin;
      run = (Run) { .begin = G_MAXSIZE };
    }
  return found;
}

/* --- output without a sequence ---------------------------------------------------------------- */

/* Nothing but text and controls that only move the cursor on its line or down. */
static gboolean
_is_plain(CdText text)
{
  return !memchr(text.data, '\033', text.length) && !memchr(text.data, '\016', text.length)
         && !memchr(text.data, '\017', text.length);
}

static gboolean
_is_ascii(CdText text)
{
  guint others = 0;

  for (gsize i = 0; i < text.length; i++)
    others += (guchar) (text.data[i] - ' ') > '~' - ' ';
  return others == 0;
}

/* Lines that one of the text takes, without its end. */
static gsize
_count_lines(const CdScreenModel *self, CdText line)
{
  if (line.length && line.data[line.length - 1] == '\r')
    line.length--;
  if (!self->modes.autowrap || line.length <= (gsize) self->columns || !_is_ascii(line))
    return 1;
  return 1 + _count_wraps(self, line);
}

/* As _find_run(), from the end, so that only what is drawn is looked at closely. */
static gsize
_find_last_lines(const CdScreenModel *self, CdText pending)
{
  const gchar *end = memrchr(pending.data, '\n', pending.length);
  gsize lines = 0;

  while (end && end > pending.data)
    {
      const gchar *before = memrchr(pending.data, '\n', (gsize) (end - pending.data));
      if (!before || before == pending.data)
        return 0;
      lines += _count_lines(self, (CdText) { before + 1, (gsize) (end - before) - 1 });
      if (lines >= 2 * (gsize) self->rows && before[-1] == '\r')
        return (gsize) (before - pending.data) + 1;
      end = before;
    }
  return 0;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Pen and modes hold for what is drawn later; where it would have been drawn doesn't. */
static void
_take_modes(CdScreenModel *self, CdText skipped)
{
  CdScreenToken token;

  for (; cd_screen_lexer_next(skipped, &token); skipped = cd_text_skip(skipped, token.bytes.length))
    if (token.type != CD_SCREEN_TEXT
        && (token.type != CD_SCREEN_CONTROL || !cd_screen_passes(self, &token)))
      cd_screen_take(self, &token);
}

gsize
cd_screen_model_skip(CdScreenModel *self, CdText pending)
{
  gboolean is_plain;
  gsize found;

  if (pending.length < SKIP_MIN || !cd_screen_model_may_jump(self) || self->held->len)
    return 0;
  is_plain = _is_plain(pending);
  found = is_plain ? _find_last_lines(self, pending) : _find_run(self, pending);
  if (found == 0)
    return 0;
  cd_screen_wake(self);
  if (!is_plain)
    _take_modes(self, cd_text_head(pending, found));
  cd_screen_model_jump(self);
  return found;
}
