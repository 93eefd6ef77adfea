/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SCREEN_LEXER_H
#define CD_SCREEN_LEXER_H

#include "disconnect/text.h"

/** Arguments of a CSI sequence at most; one with more is passed over. */
#define CD_SCREEN_ARGS 32

/** An argument that was left out. */
#define CD_SCREEN_NO_ARG (-1)

typedef enum _CdScreenTokenType
{
  CD_SCREEN_TEXT,    /* printable bytes, ASCII or not, whole characters */
  CD_SCREEN_CONTROL, /* one control character */
  CD_SCREEN_ESCAPE,  /* ESC, an intermediate byte or none, and a final one */
  CD_SCREEN_CSI,
  CD_SCREEN_STRING, /* OSC, DCS, SOS, PM or APC, with what ends it */
  CD_SCREEN_NOISE,  /* nothing that a terminal obeys */
} CdScreenTokenType;

/**
 * CdScreenToken:
 * @bytes: all of it
 * @ascii: no byte of a text is above 127
 * @leader: of a CSI sequence, one of `<=>?` or 0
 * @intermediate: of a CSI or ESC sequence, or 0
 * @final: what ends a CSI or ESC sequence; what begins a string
 * @args: of a CSI sequence, CD_SCREEN_NO_ARG where left out; there is always one
 * @joined: bit i is set where a colon stands behind argument i
 * @content: of a string
 *
 * A unit of what a program writes to its terminal.
 */
typedef struct _CdScreenToken
{
  CdScreenTokenType type;
  CdText bytes;
  gboolean ascii;
  gchar leader;
  gchar intermediate;
  gchar final;
  gint args[CD_SCREEN_ARGS];
  guint n_args;
  guint32 joined;
  CdText content;
} CdScreenToken;

/** Reads the first token of @bytes. Returns: %FALSE where it isn't whole yet. */
gboolean cd_screen_lexer_next(CdText bytes, CdScreenToken *token);

/** How many of @bytes are still of a string whose beginning was read before, without what ends it;
 * all of them where it goes on. */
gsize cd_screen_lexer_find_end(CdText bytes);

#endif
