/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Credentials behind their scheme. */
#include "disconnect/secret-value.h"
#include "disconnect/secret.h"

/* A colon or an equals sign, encoded or not, behind the quote of a name. */
static gsize
_span_scheme_sign(CdText text)
{
  gsize end = cd_value_span_backslashes(text);
  CdText rest;

  if (end < text.length && cd_value_is_quote(text.data[end]))
    end++;
  else
    end = 0;
  rest = cd_text_skip(text, end);
  if (rest.length && cd_value_is_in(rest.data[0], ":="))
    return end + 1;
  return cd_value_matches_code(rest, "3A") || cd_value_matches_code(rest, "3D") ? end + 3 : 0;
}

/* Blanks, in a query too, or a sign, and the quote of the credentials. */
static gsize
_span_scheme_end(CdText text)
{
  gsize sign = _span_scheme_sign(text);
  gsize blanks = cd_value_span_blanks(cd_text_skip(text, sign));
  gsize backslashes;

  if (cd_value_matches_code(text, "20"))
    blanks = 3;
  else if (cd_text_has_prefix(text, CD_TEXT("+")))
    blanks = 1;
  blanks += sign;
  text = cd_text_skip(text, blanks);
  backslashes = cd_value_span_backslashes(text);
  if (!blanks || backslashes >= text.length || !cd_value_is_quote(text.data[backslashes]))
    return blanks;
  return blanks + backslashes + 1;
}

gboolean
cd_secret_find_credentials(CdText text, gsize at, CdSecret *secret)
{
  static const CdText schemes[] = { { "bearer", 6 }, { "basic", 5 } };
  CdText rest = cd_text_skip(text, at);

  for (gsize i = 0; i < G_N_ELEMENTS(schemes) && cd_secret_is_boundary(text, at); i++)
    {
      gsize keep = schemes[i].length;
      CdText value;

      if (rest.length < keep || g_ascii_strncasecmp(rest.data, schemes[i].data, keep) != 0)
        continue;
      keep += _span_scheme_end(cd_text_skip(rest, keep));
      value = cd_text_skip(rest, keep);
      value.length = keep > schemes[i].length ? cd_value_span_plain(value) : 0;
      *secret = (CdSecret) { keep, value.length };
      return cd_value_is_credentials(value);
    }
  return FALSE;
}
