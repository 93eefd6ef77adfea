/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SCREEN_PAINT_H
#define CD_SCREEN_PAINT_H

#include <glib.h>
#include <vterm.h>

/** What libvterm has no attribute for; they travel as the font, which no terminal changes. */
enum
{
  CD_SCREEN_DIM = 1 << 0,
  CD_SCREEN_CONCEALED = 1 << 1,
  CD_SCREEN_OVERLINED = 1 << 2,
};

/** Whether it is put on the character before, by libvterm (its table is an old one) or at all. */
gboolean cd_screen_is_mark(gunichar c);

/** The pen that the next character will be drawn with, as a cell without one. */
void cd_screen_pen_get(const VTermState *state, VTermScreenCell *pen);

/** Whether it is the pen that a terminal has at first. */
gboolean cd_screen_pen_is_plain(const VTermScreenCell *pen);

/** Appends the SGR sequence that makes a terminal's pen this cell's, whatever it was. */
void cd_screen_pen_write(const VTermScreenCell *pen, GString *bytes);

/** Appends what draws the cells on a blank screen of the same size; the pen and the cursor are left
 * somewhere. Reverse video of the whole screen is not drawn. */
void cd_screen_paint(const VTermScreen *screen, VTermPos size, GString *bytes);

/** Appends one cell's pen and characters. */
void cd_screen_paint_cell(const VTermScreenCell *cell, GString *bytes);

#endif
