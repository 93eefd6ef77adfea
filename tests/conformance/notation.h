/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How tests/data/conformance writes bytes. */
#ifndef CONFORM_NOTATION_H
#define CONFORM_NOTATION_H

#include <glib.h>

/**
 * The bytes of a notation. All stands for itself but braces:
 *
 *   {lf} {cr} {tab} {nul} {esc} {bom}    the control character, the byte order mark
 *   {x FF 00}     bytes in hexadecimal
 *   {N*TEXT}      TEXT N times
 *   {N#TEXT}      the same with `#` in TEXT counting from 1
 *   {n:TEXT}      TEXT behind its octet count and a blank (RFC 6587, 3.4.1)
 *   {head}        the usual header, without the blank behind it
 *   {end}         the usual element
 *
 * Returns: %NULL with @error for anything else in braces
 */
GBytes *conform_expand(const gchar *notation, GError **error);

/** What `{head}` and `{end}` stand for. */
#define CONFORM_HEAD "<30>1 2003-10-11T22:14:15.003Z dev-7 coder-agentd 812 disconnect"
#define CONFORM_END "[coder@32473 disconnect_reason=\"network_error\"]"

#endif
