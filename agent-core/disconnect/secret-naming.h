/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name in a text, with what joins its value to it. */
#ifndef CD_SECRET_NAMING_H
#define CD_SECRET_NAMING_H

#include "disconnect/text.h"

typedef enum
{
  OF_KEY,
  OF_PASSWORD, /* often a word itself */
  OF_HEADER,   /* whose value has blanks */
  OF_MANY,     /* often a number of them */
  OF_WORD,     /* the name is one itself, or the end of one */
} CdNameKind;

/**
 * CdNaming:
 * @length: of the name as it stands there
 * @word: the name with what is joined to it on the left
 * @before: what stands before the word, 0 for nothing
 * @n_backslashes: what stands before that
 * @has_end: a quote or a bracket follows
 * @sign: `=`, `:` or `>`; 0 for none
 * @value: the place of the value and all behind it
 */
typedef struct _CdNaming
{
  CdNameKind kind;
  gsize length;
  CdText word;
  gchar before;
  gsize n_backslashes;
  gboolean has_end;
  gboolean is_spaced_before;
  gchar sign;
  gboolean is_spaced;
  CdText value;
} CdNaming;

/** Reads a name that ends in @name from a place on; whether there is a place for a value. */
gboolean cd_naming_read(CdNaming *self, CdNameKind kind, const gchar *name, CdText text, gsize at);

#endif
