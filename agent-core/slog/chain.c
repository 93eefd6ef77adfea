/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/chain.h"

/* So many blanks stand only before a line: for its end, where a source has made blanks of those. */
#define INDENT_MIN 8

CdText
cd_chain_cut_mark(CdText line)
{
  const CdText mark = CD_CHAIN_MARK;
  gboolean is_marked = line.length >= mark.length
                       && cd_text_equal(cd_text_skip(line, line.length - mark.length), mark);

  return is_marked ? cd_text_head(line, line.length - mark.length) : line;
}

static gsize
_line_length(CdText text)
{
  gsize blanks = 0;

  for (gsize i = 0; i < text.length; i++)
    {
      blanks = text.data[i] == ' ' ? blanks + 1 : 0;
      if (text.data[i] == '\n')
        return i;
      if (blanks == INDENT_MIN)
        return i + 1 - INDENT_MIN;
    }
  return text.length;
}

/* The next line that has text in it. */
static CdText
_take_line(CdText *rest)
{
  CdText line;

  *rest = cd_text_strip(*rest);
  line = cd_text_head(*rest, _line_length(*rest));
  *rest = cd_text_skip(*rest, line.length);
  return cd_text_strip(line);
}

/* "/build/agent.go:44": where a frame is. */
static gboolean
_is_frame_place(CdText line)
{
  const gchar *colon = line.length ? memrchr(line.data, ':', line.length) : NULL;
  gint64 number;

  return colon && memchr(line.data, '/', line.length) && !memchr(line.data, ' ', line.length)
         && cd_text_to_integer(cd_text_between(colon + 1, line.data + line.length), &number);
}

/* "main.run.func1": the line before a frame's place. */
static gboolean
_is_frame(CdText line, CdText rest)
{
  if (_is_frame_place(line))
    return TRUE;
  return rest.length && !memchr(line.data, ' ', line.length) && _is_frame_place(_take_line(&rest));
}

void
cd_chain_append(GString *chain, CdText layer)
{
  layer = cd_text_strip(layer);
  if (layer.length && layer.data[layer.length - 1] == ':')
    layer.length--;
  if (cd_text_is_empty(layer))
    return;
  if (chain->len)
    g_string_append(chain, ": ");
  g_string_append_len(chain, layer.data, (gssize) layer.length);
}

CdText
cd_chain_from_block(CdText block, CdStatement *storage)
{
  g_autoptr(GString) chain = g_string_new(NULL);

  while (block.length)
    {
      CdText line = _take_line(&block);
      if (cd_text_has_prefix(line, CD_TEXT("- ")))
        line = cd_text_skip(line, 2);
      if (line.length && !_is_frame(line, block))
        cd_chain_append(chain, line);
    }
  return cd_statement_store(storage, (CdText) { chain->str, chain->len });
}
