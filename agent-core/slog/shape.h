/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SHAPE_H
#define CD_SHAPE_H

#include "disconnect/text.h"

/** What a text looks like, before any word of it is read. */
typedef enum
{
  CD_SHAPE_OTHER,    /* none of ours */
  CD_SHAPE_HUMAN,    /* a level in brackets and two blanks */
  CD_SHAPE_LEGACY,   /* an upper-case level in brackets and a tab */
  CD_SHAPE_COLOURED, /* an escape */
  CD_SHAPE_JSON,     /* an object */
} CdShape;

/**
 * The cheap gate before every reader: looks at how a line begins, behind what programs are known to
 * put before it, and searches for no words.
 *
 * @at: (out): where the part begins that a reader reads; for %CD_SHAPE_HUMAN and
 *   %CD_SHAPE_LEGACY behind the level's bracket
 */
CdShape cd_shape_find(CdText text, gsize *at);

#endif
