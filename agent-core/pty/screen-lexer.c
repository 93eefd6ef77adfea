/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/screen-lexer.h"

/* A sequence that is longer is not one. */
#define SEQUENCE_MAX 256

/* A longer text is more than one: libvterm's stack grows with it. */
#define TEXT_MAX 4096

/* An argument that is larger means the same. */
#define ARG_MAX 65535

#define ESC 0x1b
#define CAN 0x18
#define SUB 0x1a
#define BEL 0x07
#define DEL 0x7f

static gboolean
_is_printable(guchar byte)
{
  return byte >= 0x20 && byte != DEL;
}

static gboolean
_is_intermediate(guchar byte)
{
  return byte >= 0x20 && byte <= 0x2f;
}

static gboolean
_end(CdText bytes, gsize length, CdScreenTokenType type, CdScreenToken *token)
{
  token->type = type;
  token->bytes = cd_text_head(bytes, length);
  return TRUE;
}

static gsize
_utf8_length(guchar first)
{
  if (first >= 0xf0 && first < 0xf8)
    return 4;
  if (first >= 0xe0)
    return first < 0xf0 ? 3 : 1;
  return first >= 0xc0 ? 2 : 1;
}

/* Bytes at the end of a text that may be the beginning of a character. */
static gsize
_unfinished(CdText text)
{
  for (gsize back = 1; back <= MIN(text.length, 3); back++)
    {
      guchar byte = (guchar) text.data[text.length - back];

      if (byte < 0x80)
        return 0;
      if (byte >= 0xc0)
        return _utf8_length(byte) > back ? back : 0;
    }
  return 0;
}

static gboolean
_text(CdText bytes, CdScreenToken *token)
{
  const CdText head = cd_text_head(bytes, TEXT_MAX);
  gsize length = 0;
  guchar all = 0;

  while (length < head.length && _is_printable((guchar) bytes.data[length]))
    all |= (guchar) bytes.data[length++];
  token->ascii = all < 0x80;
  if (!token->ascii && length == head.length)
    length -= _unfinished(head);
  return length > 0 && _end(bytes, length, CD_SCREEN_TEXT, token);
}

gsize
cd_screen_lexer_find_end(CdText bytes)
{
  gsize i = 0;

  while (i < bytes.length && bytes.data[i] != ESC && bytes.data[i] != BEL && bytes.data[i] != CAN
         && bytes.data[i] != SUB)
    i++;
  return i;
}

/* What begins with ESC and isn't ST ends a string as well, and is the next token. */
static gboolean
_string(CdText bytes, CdScreenToken *token)
{
  CdText rest = cd_text_skip(bytes, 2);
  gsize length = cd_screen_lexer_find_end(rest);

  token->final = bytes.data[1];
  token->content = cd_text_head(rest, length);
  if (length == rest.length || (rest.data[length] == ESC && length + 1 == rest.length))
    return FALSE;
  if (rest.data[length] == BEL)
    return _end(bytes, length + 3, CD_SCREEN_STRING, token);
  if (rest.data[length] == ESC && rest.data[length + 1] == '\\')
    return _end(bytes, length + 4, CD_SCREEN_STRING, token);
  return _end(bytes, length + 2, CD_SCREEN_NOISE, token);
}

/* Reads digits, colons and semicolons. Returns: where they end. */
static gsize
_args(CdText bytes, gsize at, CdScreenToken *token)
{
  gint *arg = token->args;

  *arg = CD_SCREEN_NO_ARG;
  token->n_args = 1;
  token->joined = 0;
  for (; at < bytes.length && bytes.data[at] >= '0' && bytes.data[at] <= ';'; at++)
    if (g_ascii_isdigit(bytes.data[at]))
      *arg = MIN(MAX(*arg, 0) * 10 + bytes.data[at] - '0', ARG_MAX);
    else if (token->n_args++ < CD_SCREEN_ARGS)
      {
        if (bytes.data[at] == ':')
          token->joined |= 1u << (token->n_args - 2);
        *++arg = CD_SCREEN_NO_ARG;
      }
  return at;
}

static gboolean
_csi(CdText bytes, CdScreenToken *token)
{
  const CdText head = cd_text_head(bytes, SEQUENCE_MAX);
  gsize at = 2;
  guint n_leaders = 0;
  guint n_intermediates = 0;

  token->leader = token->intermediate = 0;
  for (; at < head.length && head.data[at] >= '<' && head.data[at] <= '?'; n_leaders++)
    token->leader = head.data[at++];
  at = _args(head, at, token);
  for (; at < head.length && _is_intermediate((guchar) head.data[at]); n_intermediates++)
    token->intermediate = head.data[at++];
  if (at == head.length)
    return head.length == SEQUENCE_MAX && _end(bytes, at, CD_SCREEN_NOISE, token);
  token->final = head.data[at];
  if (token->final < '@' || token->final > '~')
    return _end(bytes, at, CD_SCREEN_NOISE, token);
  if (n_leaders > 1 || n_intermediates > 1 || token->n_args > CD_SCREEN_ARGS)
    return _end(bytes, at + 1, CD_SCREEN_NOISE, token);
  return _end(bytes, at + 1, CD_SCREEN_CSI, token);
}

static gboolean
_escape(CdText bytes, CdScreenToken *token)
{
  const CdText head = cd_text_head(bytes, SEQUENCE_MAX);
  gsize at = 1;

  token->intermediate = 0;
  while (at < head.length && _is_intermediate((guchar) head.data[at]))
    token->intermediate = head.data[at++];
  if (at == head.length)
    return head.length == SEQUENCE_MAX && _end(bytes, at, CD_SCREEN_NOISE, token);
  token->final = head.data[at];
  if (token->final < '0' || token->final > '~')
    return _end(bytes, at, CD_SCREEN_NOISE, token);
  return _end(bytes, at + 1, at > 2 ? CD_SCREEN_NOISE : CD_SCREEN_ESCAPE, token);
}

static gboolean
_from_escape(CdText bytes, CdScreenToken *token)
{
  if (bytes.length < 2)
    return FALSE;
  switch (bytes.data[1])
    {
    case '[':
      return _csi(bytes, token);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
      return _string(bytes, token);
    default:
      return _escape(bytes, token);
    }
}

gboolean
cd_screen_lexer_next(CdText bytes, CdScreenToken *token)
{
  guchar first;

  if (cd_text_is_empty(bytes))
    return FALSE;
  first = (guchar) bytes.data[0];
  if (first == ESC)
    return _from_escape(bytes, token);
  if (_is_printable(first))
    return _text(bytes, token);
  return _end(bytes, 1, first == 0 || first == DEL ? CD_SCREEN_NOISE : CD_SCREEN_CONTROL, token);
}
