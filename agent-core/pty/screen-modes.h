/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SCREEN_MODES_H
#define CD_SCREEN_MODES_H

#include "pty/screen-lexer.h"

/** Bytes of a title, and of an icon's name, at most. */
#define CD_SCREEN_TITLE_MAX 1024

/** Colours of the palette that are kept. */
#define CD_SCREEN_PALETTE 256

/**
 * CdScreenModes:
 * @values: of the switches that are no more than that, a bit each (screen-modes.c)
 * @touched: those that the program set or reset
 * @mouse: the DEC mode by which the mouse is reported, or 0
 * @mouse_format: the DEC mode that tells how, or 0
 * @cursor_shape: as DECSCUSR has it, or -1
 * @charsets: G0 to G3, by the final byte that designates them
 * @shift: which of them is in use
 * @title: or %NULL, as the following ones
 * @icon: its name
 * @colours: for text, ground and cursor (OSC 10 to 12)
 * @palette: (nullable): CD_SCREEN_PALETTE colours (OSC 4)
 *
 * What a program told its terminal that doesn't show in the cells.
 */
typedef struct _CdScreenModes
{
  guint32 values;
  guint32 touched;
  guint16 mouse;
  guint16 mouse_format;
  gboolean mouse_touched;
  gboolean mouse_format_touched;
  gint cursor_shape;
  gboolean insert;
  gboolean newline;
  gboolean origin;
  gboolean autowrap;
  gchar charsets[4];
  guint8 shift;
  gchar *title;
  gchar *icon;
  gchar *colours[3];
  gchar **palette;
} CdScreenModes;

/** As a terminal is when it is switched on. */
void cd_screen_modes_init(CdScreenModes *self);

/** Frees what it holds. */
void cd_screen_modes_clear(CdScreenModes *self);

/** Back to the beginning (RIS), or only as far as DECSTR says. */
void cd_screen_modes_reset(CdScreenModes *self, gboolean soft);

/** Sets or resets DEC private mode @number, if it is one that is kept here. */
void cd_screen_modes_set(CdScreenModes *self, gint number, gboolean value);

/** Takes a title or colours (OSC). */
void cd_screen_modes_take_string(CdScreenModes *self, const CdScreenToken *token);

/** Takes an ESC sequence. Returns: whether it designates, shifts to a charset, or switches. */
gboolean cd_screen_modes_take_escape(CdScreenModes *self, const CdScreenToken *token);

/** Whether text means what it says in ASCII. */
gboolean cd_screen_modes_is_ascii(const CdScreenModes *self);

/** What an ASCII character means by the charset in use. */
gunichar cd_screen_modes_translate(const CdScreenModes *self, gchar c);

/** Appends what gives a terminal all of this, but for origin. */
void cd_screen_modes_write(const CdScreenModes *self, GString *bytes);

#endif
