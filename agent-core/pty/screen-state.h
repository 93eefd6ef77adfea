/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a screen model, for the files that make it up. */
#ifndef CD_SCREEN_STATE_H
#define CD_SCREEN_STATE_H

#include "pty/screen-lexer.h"
#include "pty/screen-model.h"
#include "pty/screen-modes.h"

#include <vterm.h>

/* Where DECSC or the way into the alternate screen left the cursor. */
typedef struct _CdScreenSaved
{
  VTermPos at;
  VTermScreenCell pen;
} CdScreenSaved;

/* libvterm gets only what draws; all else is kept here. It sees no string, no question, no
 * sequence that is malformed, and nothing that it is known to take badly. */
struct _CdScreenModel
{
  gint rows;
  gint columns;
  VTerm *vterm; /* NULL while asleep */
  VTermState *state;
  VTermScreen *screen;
  gboolean has_alternate; /* libvterm has memory for it */
  gboolean refuses;       /* a switch of screens changes what can be read, and nothing else */
  VTermRect glyph;        /* where libvterm drew last */

  GString *snapshot; /* what draws it, while asleep */
  GString *held;     /* what isn't whole yet */
  gchar swallowed;   /* begins the string that is too long to be held, or 0 */

  CdScreenModes modes;
  gboolean alternate;
  CdScreenSaved saved[2];        /* of the main and of the alternate screen */
  gint top, bottom, left, right; /* the margins; bottom and right are the first ones outside */
  gboolean side_margins;         /* DECLRMM */
  guint8 tabs[CD_SCREEN_COLUMNS_MAX / 8];

  gboolean text_last; /* whether the cursor waits at the margin was not looked at yet */
  gboolean waits;     /* the next character goes to the next line */
  gunichar last;      /* what REP repeats, or 0 */
};

/* Makes it live. */
void cd_screen_wake(CdScreenModel *self);

/* Begins anew, but for what the size is. */
void cd_screen_reset_state(CdScreenModel *self);

/* Gives one whole token to libvterm, or keeps what it says. */
void cd_screen_take(CdScreenModel *self, const CdScreenToken *token);

/* Gives libvterm what it may have as it is: see cd_screen_passes(). */
void cd_screen_pass(CdScreenModel *self, CdText bytes);

/* Whether libvterm may have the token as it is, and so those before and after it in one. */
gboolean cd_screen_passes(CdScreenModel *self, const CdScreenToken *token);

/* Finds out whether the cursor waits at the margin. */
void cd_screen_settle(CdScreenModel *self);

/* The cursor as libvterm has it. */
VTermPos cd_screen_get_cursor(const CdScreenModel *self);

/* Gives libvterm a sequence. */
void cd_screen_tell(CdScreenModel *self, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* Puts the cursor there, and the pen as it was. */
void cd_screen_tell_cursor(CdScreenModel *self, const CdScreenSaved *saved);

/* Cursor and pen as they are. */
void cd_screen_save(const CdScreenModel *self, CdScreenSaved *saved);

/* DECSTBM. */
void cd_screen_set_margins(CdScreenModel *self, gint first, gint last);

/* DECSLRM. */
void cd_screen_set_side_margins(CdScreenModel *self, gint first, gint last);

/* DECLRMM. */
void cd_screen_enable_side_margins(CdScreenModel *self, gboolean enabled);

/* Whether the program limits where the screen scrolls. */
gboolean cd_screen_has_margins(const CdScreenModel *self);

/* SGR, an attribute at a time. */
void cd_screen_take_pen(CdScreenModel *self, const CdScreenToken *token);

/* SM, RM and those of DEC. */
void cd_screen_take_modes(CdScreenModel *self, const CdScreenToken *token);

/* A CSI sequence that doesn't pass. */
void cd_screen_take_csi(CdScreenModel *self, const CdScreenToken *token);

/* RIS and DECSTR. */
void cd_screen_take_reset(CdScreenModel *self, gboolean soft);

/* Text that isn't all ASCII. */
void cd_screen_take_text(CdScreenModel *self, CdText text);

/* DECSC. */
void cd_screen_take_save(CdScreenModel *self);

/* DECRC. */
void cd_screen_take_unsave(CdScreenModel *self);

/* The tab stops that a terminal has at first, from @column on. */
void cd_screen_default_tabs(CdScreenModel *self, gint column);

/* An argument, or what stands for it where it is left out or 0. */
static inline gint
cd_screen_arg(const CdScreenToken *token, guint i, gint absent)
{
  return i < token->n_args && token->args[i] > 0 ? token->args[i] : absent;
}

#endif
