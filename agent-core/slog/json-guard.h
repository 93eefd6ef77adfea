/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JSON_GUARD_H
#define CD_JSON_GUARD_H

#include "disconnect/text.h"

/** Objects and arrays inside one another; json-glib recurses, so deeper text is refused. */
#define CD_JSON_DEPTH_MAX 64

/**
 * Members of all objects together. json-glib looks for an earlier member of the same name in a
 * list, so that many make it quadratic; a record has fewer than 40.
 */
#define CD_JSON_MEMBERS_MAX 1024

/** Behind the key of a member whose field stood in the same object before. */
#define CD_JSON_REPEATED "#again"

/** Behind a key that was written with escapes: it is none of ours. */
#define CD_JSON_ESCAPED "#escaped"

/** What became of a text on its way to json-glib. */
typedef enum
{
  CD_JSON_SOUND,   /* a whole object */
  CD_JSON_BROKEN,  /* cut off or broken: what was whole before the break is kept */
  CD_JSON_REFUSED, /* nested too deeply */
} CdJsonState;

/**
 * Makes a JSON object safe for json-glib in one linear scan: cuts a broken one back to its last
 * whole member and closes it, puts integers beyond 64 bits into quotes, replaces lone surrogates,
 * `\u0000` and bytes that are not UTF-8 by U+FFFD, and refuses deep nesting. An object with too
 * many members is broken where they become too many.
 *
 * @text: begins with `{`
 * @out: receives the safe text
 */
CdJsonState cd_json_guard(CdText text, GString *out);

#endif
