/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PAPER_H
#define CD_PAPER_H

#include <glib.h>
#include <stdio.h>

/** Columns where nobody says how wide it is. */
#define CD_PAPER_WIDTH_DEFAULT 80

/** How a piece of text looks on a terminal that has colours. */
typedef enum
{
  CD_INK_PLAIN,
  CD_INK_STRONG,
  CD_INK_FAINT,
  CD_INK_GOOD,
  CD_INK_BAD,
  CD_INK_WARNING,
  CD_INK_ADVICE,
  CD_N_INKS
} CdInk;

/** When to use colours. */
typedef enum
{
  CD_COLOUR_AUTO, /* on a terminal, unless NO_COLOR or TERM=dumb forbids it */
  CD_COLOUR_ALWAYS,
  CD_COLOUR_NEVER,
} CdColour;

/**
 * CdPaper:
 * @out: where it goes
 * @width: columns
 * @has_colour: whether inks show
 * @column: columns that the line so far takes
 *
 * Writes text for people: wrapped at words to the width, in colours where they are wanted. All
 * text given to it is UTF-8 without control characters; what peers sent has been through
 * cd_detail_append().
 */
typedef struct _CdPaper
{
  FILE *out;
  guint width;
  gboolean has_colour;
  guint column;
} CdPaper;

/** Reads the word for @colour in an option. Returns: %FALSE for any other word. */
gboolean cd_colour_parse(const gchar *word, CdColour *colour);

/** Takes the width from COLUMNS, else from the terminal, else the default. */
void cd_paper_init(CdPaper *self, FILE *out, CdColour colour);

/** Whether lines are too short for two columns beside each other. */
gboolean cd_paper_is_narrow(const CdPaper *self);

/**
 * Adds words to the line, in a new one that begins at @indent where they do not fit. Blanks before
 * a word stand there as often as @text has them, but not at the start of a line.
 */
void cd_paper_add(CdPaper *self, guint indent, CdInk ink, const gchar *text);

/** Goes to a column of the line; does nothing where that has been passed. */
void cd_paper_tab(CdPaper *self, guint column);

/** Ends the line. */
void cd_paper_end_line(CdPaper *self);

/** Adds @text at the right end of the line, and ends it; in a line of its own if need be. */
void cd_paper_add_right(CdPaper *self, guint indent, CdInk ink, const gchar *text);

/** A paragraph of its own, all lines at @indent. */
void cd_paper_paragraph(CdPaper *self, guint indent, CdInk ink, const gchar *text);

#endif
