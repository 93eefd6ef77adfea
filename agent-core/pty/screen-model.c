/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/screen-model.h"

#include "pty/screen-memory.h"
#include "pty/screen-paint.h"
#include "pty/screen-state.h"

/* libvterm draws a wide character over the border of a terminal that is narrower. */
#define COLUMNS_MIN 2

/* Of a string that goes on, this much is held. */
#define HELD_MAX 4096

/* libvterm's stack grows by a multiple of what it gets at once. */
#define PASS_MAX 4096

/* libvterm may put the cursor outside when the size changes, and sets that right at the next
 * sequence; this one means nothing. */
#define BACK_INSIDE "\033[0n"

/* What no terminal knows, for the rest of a string of which the beginning was not held. */
#define UNKNOWN_STRING "99999;"

static gint
_on_damage(VTermRect rect, gpointer user_data)
{
  ((CdScreenModel *) user_data)->glyph = rect;
  return 1;
}

static gint
_on_property(VTermProp property, VTermValue *value, gpointer user_data)
{
  return !((CdScreenModel *) user_data)->refuses;
}

/* The client's terminal answers. */
static void
_on_output(const gchar *bytes, gsize length, gpointer user_data)
{
}

static const VTermScreenCallbacks callbacks = {
  .damage = _on_damage,
  .settermprop = _on_property,
};

static void
_make_live(CdScreenModel *self)
{
  self->vterm = cd_screen_memory_new_vterm(self->rows, self->columns);
  vterm_set_utf8(self->vterm, TRUE);
  vterm_output_set_callback(self->vterm, _on_output, NULL);
  self->state = vterm_obtain_state(self->vterm);
  self->screen = vterm_obtain_screen(self->vterm);
  vterm_screen_set_callbacks(self->screen, &callbacks, self);
  vterm_screen_reset(self->screen, TRUE);
  self->has_alternate = FALSE;
}

void
cd_screen_reset_state(CdScreenModel *self)
{
  CdScreenSaved home = { 0 };

  home.pen.fg.type = VTERM_COLOR_DEFAULT_FG;
  home.pen.bg.type = VTERM_COLOR_DEFAULT_BG;
  self->saved[0] = self->saved[1] = home;
  self->alternate = self->side_margins = FALSE;
  self->top = self->left = 0;
  self->bottom = self->rows;
  self->right = self->columns;
  self->text_last = self->waits = FALSE;
  self->last = 0;
  cd_screen_default_tabs(self, 0);
}

void
cd_screen_wake(CdScreenModel *self)
{
  g_autoptr(GString) snapshot = NULL;

  if (self->vterm)
    return;
  snapshot = g_steal_pointer(&self->snapshot);
  _make_live(self);
  cd_screen_modes_clear(&self->modes);
  cd_screen_modes_init(&self->modes);
  cd_screen_reset_state(self);
  g_string_truncate(self->held, 0);
  self->swallowed = 0;
  if (snapshot)
    cd_screen_model_feed(self, (CdText) { snapshot->str, snapshot->len });
}

CdScreenModel *
cd_screen_model_new(guint16 rows, guint16 columns)
{
  CdScreenModel *self = g_new0(CdScreenModel, 1);

  self->rows = CLAMP(rows, 1, CD_SCREEN_ROWS_MAX);
  self->columns = CLAMP(columns, COLUMNS_MIN, CD_SCREEN_COLUMNS_MAX);
  self->held = g_string_new(NULL);
  self->snapshot = g_string_new(NULL);
  cd_screen_modes_init(&self->modes);
  cd_screen_reset_state(self);
  return self;
}

static void
_free_live(CdScreenModel *self)
{
  g_clear_pointer(&self->vterm, vterm_free);
  self->state = NULL;
  self->screen = NULL;
}

void
cd_screen_model_free(CdScreenModel *self)
{
  if (!self)
    return;
  _free_live(self);
  cd_screen_modes_clear(&self->modes);
  if (self->snapshot)
    g_string_free(self->snapshot, TRUE);
  g_string_free(self->held, TRUE);
  g_free(self);
}

void
cd_screen_model_sleep(CdScreenModel *self)
{
  g_autoptr(GString) drawn = NULL;

  if (!self->vterm)
    return;
  drawn = g_string_new(NULL);
  cd_screen_model_restore(self, drawn);
  self->snapshot = g_string_new_len(drawn->str, (gssize) drawn->len);
  _free_live(self);
}

/* Gives libvterm as many tokens in one as may pass. Returns: where what isn't whole begins. */
static gsize
_take_all(CdScreenModel *self, CdText bytes)
{
  CdScreenToken token;
  gsize passed = 0;
  gsize at = 0;

  while (cd_screen_lexer_next(cd_text_skip(bytes, at), &token))
    {
      const gsize end = at + token.bytes.length;
      const gboolean passes = cd_screen_passes(self, &token);

      if (!passes || end - passed > PASS_MAX)
        {
          cd_screen_pass(self, cd_text_between(bytes.data + passed, bytes.data + at));
          passed = at;
        }
      if (!passes)
        {
          cd_screen_take(self, &token);
          passed = end;
        }
      at = end;
    }
  cd_screen_pass(self, cd_text_between(bytes.data + passed, bytes.data + at));
  cd_screen_settle(self);
  return at;
}

/* Of a string as long as this, nothing is wanted. */
static void
_swallow(CdScreenModel *self)
{
  const gchar begin = self->held->str[1];

  if (self->held->len <= HELD_MAX)
    return;
  self->swallowed = begin;
  g_string_truncate(self->held, 2);
  g_string_append(self->held, UNKNOWN_STRING);
}

/* Returns: what is left of @bytes behind the string. */
static CdText
_swallow_more(CdScreenModel *self, CdText bytes)
{
  const gsize end = cd_screen_lexer_find_end(bytes);

  if (end == bytes.length)
    return CD_TEXT_NONE;
  self->swallowed = 0;
  g_string_truncate(self->held, 0);
  return cd_text_skip(bytes, end);
}

/* A string may have control characters that mean nothing to anybody. */
static void
_hold(CdScreenModel *self, CdText rest)
{
  g_string_truncate(self->held, 0);
  for (gsize i = 0; i < rest.length; i++)
    if ((guchar) rest.data[i] >= 0x1b && rest.data[i] != 0x7f)
      g_string_append_c(self->held, rest.data[i]);
  _swallow(self);
}

void
cd_screen_model_feed(CdScreenModel *self, CdText bytes)
{
  g_autoptr(GString) joined = NULL;

  if (cd_text_is_empty(bytes))
    return;
  cd_screen_wake(self);
  if (self->swallowed)
    bytes = _swallow_more(self, bytes);
  if (self->swallowed)
    return;
  if (self->held->len)
    {
      joined = g_string_new_len(self->held->str, (gssize) self->held->len);
      g_string_append_len(joined, bytes.data, (gssize) bytes.length);
      bytes = (CdText) { joined->str, joined->len };
    }
  _hold(self, cd_text_skip(bytes, _take_all(self, bytes)));
}

/* As a terminal does when its size changes. */
static void
_forget_margins(CdScreenModel *self)
{
  CdScreenSaved here;

  cd_screen_save(self, &here);
  if (cd_screen_has_margins(self))
    cd_screen_tell(self, "\033[?69l\033[r");
  self->side_margins = FALSE;
  self->top = self->left = 0;
  cd_screen_tell_cursor(self, &here);
}

static void
_keep_saved_inside(CdScreenModel *self)
{
  for (guint i = 0; i < G_N_ELEMENTS(self->saved); i++)
    {
      VTermPos *at = &self->saved[i].at;

      at->row = MIN(at->row, self->rows - 1);
      at->col = MIN(at->col, self->columns - 1);
    }
}

void
cd_screen_model_resize(CdScreenModel *self, guint16 rows, guint16 columns)
{
  const gint new_rows = CLAMP(rows, 1, CD_SCREEN_ROWS_MAX);
  const gint new_columns = CLAMP(columns, COLUMNS_MIN, CD_SCREEN_COLUMNS_MAX);

  if (new_rows == self->rows && new_columns == self->columns)
    return;
  cd_screen_wake(self);
  _forget_margins(self);
  self->rows = self->bottom = new_rows;
  self->columns = self->right = new_columns;
  vterm_set_size(self->vterm, new_rows, new_columns);
  cd_screen_tell(self, BACK_INSIDE);
  _keep_saved_inside(self);
  cd_screen_default_tabs(self, new_columns);
}
