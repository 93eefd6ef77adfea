/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TERMINAL_H
#define CD_TERMINAL_H

#include <glib.h>
#include <termios.h>

/**
 * CdTerminal:
 * @has_input: whether standard input is a terminal
 * @has_output: whether standard output is one
 * @is_taken: whether the session has it
 * @is_raw: whether its keys come raw
 * @saved: its settings before
 *
 * The user's terminal.
 */
typedef struct _CdTerminal
{
  gboolean has_input;
  gboolean has_output;
  gboolean is_taken;
  gboolean is_raw;
  struct termios saved;
} CdTerminal;

/** Looks whether there is one. */
void cd_terminal_init(CdTerminal *self);

/** Its size; %FALSE where there is none. */
gboolean cd_terminal_get_size(const CdTerminal *self, guint16 *rows, guint16 *columns);

/**
 * Gives it to the session: every key comes at once and as it is. Also again, after somebody else
 * had the terminal.
 */
void cd_terminal_take(CdTerminal *self);

/**
 * Makes it again what it was, where it was taken. What a program of the session may have left on
 * goes off: the alternate screen, a hidden cursor, the mouse, bracketed paste.
 */
void cd_terminal_give_back(CdTerminal *self);

#endif
