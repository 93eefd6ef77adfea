/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output that scrolls off before anybody looks is not drawn. */
#include "pty/screen-state.h"

/* Less is drawn at once. */
#define SKIP_MIN (64 * 1024)

/* A run of lines that nothing interrupts: behind as many as two screens, all that is shown is of
 * the run. */
typedef struct _Run
{
  gsize begin;
  gint lines;
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
  gsize found = 0;
  gsize at = 0;

  while (cd_screen_lexer_next(cd_text_skip(pending, at), &token) && !_is_barrier(&token))
    {
      at += token.bytes.length;
      _count(&run, &token, at);
      if (run.begin == G_MAXSIZE || run.lines < 2 * self->rows)
        continue;
      found = run.begin;
      run = (Run) { .begin = G_MAXSIZE };
    }
  return found;
}

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
  gsize found;

  if (pending.length < SKIP_MIN || !cd_screen_model_may_jump(self) || self->held->len)
    return 0;
  found = _find_run(self, pending);
  if (found == 0)
    return 0;
  cd_screen_wake(self);
  _take_modes(self, cd_text_head(pending, found));
  cd_screen_model_jump(self);
  return found;
}
