/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets that a name before them gives away. */
#include "disconnect/secret.h"

#include "disconnect/redact.h"
#include "disconnect/secret-value.h"

/* How far a name is followed to its beginning, and the longest word that is looked up. */
#define LOOKED_AT_MAX 64

typedef enum
{
  OF_KEY,
  OF_PASSWORD, /* often a word itself */
  OF_HEADER,   /* whose value has blanks */
} NameKind;

typedef struct _Name
{
  const gchar *name; /* its ending; `_` may be missing, or another sign */
  NameKind kind;
} Name;

static const Name names[] = {
  { "token", OF_KEY },         { "secret", OF_KEY },           { "api_key", OF_KEY },
  { "access_key", OF_KEY },    { "account_key", OF_KEY },      { "auth_key", OF_KEY },
  { "private_key", OF_KEY },   { "priv_key", OF_KEY },         { "secret_key", OF_KEY },
  { "session_key", OF_KEY },   { "credential", OF_KEY },       { "credentials", OF_KEY },
  { "password", OF_PASSWORD }, { "passwd", OF_PASSWORD },      { "passphrase", OF_PASSWORD },
  { "pwd", OF_PASSWORD },      { "authorization", OF_HEADER }, { "cookie", OF_HEADER },
};

/**
 * Naming:
 * @length: of the name as it stands there
 * @word: the name with what is joined to it on the left
 * @before: what stands before the word, 0 for nothing
 * @n_backslashes: what stands before that
 * @has_end: a quote or a bracket follows
 * @sign: `=`, `:` or `>`; 0 for none
 * @value: the place of the value and all behind it
 */
typedef struct _Naming
{
  NameKind kind;
  gsize length;
  CdText word;
  gchar before;
  gsize n_backslashes;
  gboolean has_end;
  gboolean is_spaced_before;
  gchar sign;
  gboolean is_spaced;
  CdText value;
} Naming;

/* Length of @name at the start of @text, 0 where it does not stand there. */
static gsize
_match_name(CdText text, const gchar *name)
{
  gsize at = 0;

  for (; *name; name++)
    if (at < text.length && g_ascii_tolower(text.data[at]) == *name)
      at++;
    else if (*name == '_')
      at += at < text.length && text.data[at] == '-';
    else
      return 0;
  return at;
}

static gboolean
_is_joined(gchar c)
{
  return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

static void
_read_word(Naming *self, CdText text, gsize at, gsize length)
{
  gsize start = at;

  while (start > 0 && at - start < LOOKED_AT_MAX && _is_joined(text.data[start - 1]))
    start--;
  self->word = (CdText) { text.data + start, at + length - start };
  self->before = start ? text.data[start - 1] : 0;
  self->n_backslashes = 0;
  for (; start >= 2 && text.data[start - 2] == '\\' && self->n_backslashes < LOOKED_AT_MAX; start--)
    self->n_backslashes++;
}

/* Length of a `=` or `:`, encoded or not; @sign receives which. */
static gsize
_match_sign(CdText text, gchar *sign)
{
  *sign = text.length ? text.data[0] : 0;
  if (cd_value_is_in(*sign, "=:>"))
    return 1;
  if (text.length < 3 || text.data[0] != '%' || text.data[1] != '3'
      || !cd_value_is_in(text.data[2], "DdAa"))
    return 0;
  *sign = g_ascii_toupper(text.data[2]) == 'D' ? '=' : ':';
  return 3;
}

/* The sign, with its second half: `=>`, `:=`. */
static gsize
_span_sign(CdText text, gchar *sign)
{
  gsize length = _match_sign(text, sign);

  return length == 1 && text.length > 1 && cd_value_is_in(text.data[1], "=>") ? 2 : length;
}

/* What ends a quoted name, or one in brackets. */
static gsize
_span_name_end(CdText text)
{
  gsize length = cd_value_span_backslashes(text);

  if (length < text.length && cd_value_is_in(text.data[length], "\"'`]"))
    return length + 1;
  return text.length >= 3 && memcmp(text.data, "%22", 3) == 0 ? 3 : 0;
}

/* Returns: whether there is a place for a value. */
static gboolean
_read_sign(Naming *self, CdText text)
{
  gsize end = _span_name_end(text);
  gsize blanks = cd_value_span_blanks(cd_text_skip(text, end));
  gsize sign = _span_sign(cd_text_skip(text, end + blanks), &self->sign);

  if (!sign)
    self->sign = 0;
  self->has_end = end > 0;
  self->is_spaced_before = blanks > 0;
  text = cd_text_skip(text, end + blanks + sign);
  blanks = cd_value_span_blanks(text);
  self->is_spaced = blanks > 0;
  self->value = cd_text_skip(text, blanks);
  return self->value.length > 0;
}

static gboolean
_is_value_quoted(const Naming *self)
{
  CdText value = cd_text_skip(self->value, cd_value_span_backslashes(self->value));

  return value.length && cd_value_is_quote(value.data[0]);
}

/* What a quoted value follows is a name too, whatever it begins with. */
static gboolean
_is_name_quoted(const Naming *self)
{
  return self->has_end && (cd_value_is_in(self->before, "\"'`[%") || _is_value_quoted(self));
}

static gboolean
_has(CdText text, gboolean upper)
{
  for (gsize i = 0; i < text.length; i++)
    if (upper ? g_ascii_isupper(text.data[i]) : g_ascii_islower(text.data[i]))
      return TRUE;
  return FALSE;
}

/* A name as programs have it, which no sentence has: X-Api-Key, API_TOKEN, db_password. */
static gboolean
_is_identifier(const Naming *self)
{
  gboolean is_joined = self->word.length > self->length;

  if (self->before == '/')
    return FALSE;
  if (!_has(self->word, FALSE))
    return TRUE;
  if (self->kind == OF_HEADER)
    return is_joined || _has(self->word, TRUE);
  return is_joined && (self->kind == OF_PASSWORD || _has(self->word, TRUE));
}

/* Whether what follows has to be the value, and not the next part of a sentence. */
static gboolean
_is_sure(const Naming *self)
{
  if (!self->is_spaced || _is_name_quoted(self) || _is_value_quoted(self))
    return TRUE;
  return self->sign == '=' ? self->is_spaced_before : _is_identifier(self);
}

static gboolean
_begins_with_one_of(CdText text, const gchar *const *words)
{
  text = cd_text_head(text, LOOKED_AT_MAX);
  return cd_value_is_one_of(cd_text_head(text, cd_value_span_plain(text)), words);
}

/* `--token VALUE`, but not "the option --token is missing". */
static gboolean
_is_option(const Naming *self)
{
  static const gchar *const words[] = { "and", "are", "as",   "but",  "cannot",   "flag",
                                        "for", "has", "in",   "is",   "must",     "needs",
                                        "not", "of",  "on",   "or",   "requires", "set",
                                        "to",  "was", "with", "from", "missing",  NULL };

  return self->word.data[0] == '-' && !self->has_end && self->is_spaced_before
         && self->value.data[0] != '-' && !_begins_with_one_of(self->value, words);
}

static gsize
_span_quotation(const Naming *self)
{
  gsize backslashes = cd_value_span_backslashes(self->value);
  CdText inside = cd_text_skip(self->value, backslashes + 1);

  return cd_value_find_closing(inside, self->value.data[backslashes], backslashes);
}

static gsize
_span_header(const Naming *self)
{
  gsize line = cd_value_span_line(self->value);

  if (!cd_value_is_quote(self->before) || self->has_end)
    return line;
  return MIN(line, cd_value_find_closing(self->value, self->before, self->n_backslashes));
}

/* A header's value has blanks: it is a list only where a program prints a map. */
static gsize
_span_list(const Naming *self)
{
  gsize list = cd_value_span_list(self->value);

  if (self->kind != OF_HEADER || self->has_end)
    return list;
  return self->is_spaced ? _span_header(self) : MIN(list, _span_header(self));
}

static gsize
_span_value(const Naming *self)
{
  static const gchar *const nothing[] = { "false", "nil", "<nil>", "none", "null", "true", NULL };

  if (self->value.data[0] == '{' || _begins_with_one_of(self->value, nothing))
    return 0;
  if (self->value.data[0] == '[')
    return _span_list(self);
  return self->kind == OF_HEADER ? _span_header(self) : cd_value_span_plain(self->value);
}

static gboolean
_looks_like_header(CdText value)
{
  static const gchar *const schemes[] = { "apikey", "basic",     "bearer", "digest",
                                          "ntlm",   "negotiate", "token",  NULL };
  CdText word = cd_text_head(value, LOOKED_AT_MAX);

  word.length = cd_value_span_plain(word);
  return cd_value_is_one_of(word, schemes)
         || (memchr(word.data, '=', word.length) && !cd_value_is_judged(word));
}

/* Before, or by the sender: behind what is no value by itself. */
static gboolean
_is_value_redacted(const Naming *self)
{
  CdText value = self->value;

  while (value.length && cd_value_is_in(value.data[0], "\"'`\\:,;.)]}>"))
    value = cd_text_skip(value, 1);
  return cd_text_has_prefix(value, CD_TEXT(CD_REDACTED));
}

static gboolean
_has_secret(const Naming *self)
{
  if (_is_value_redacted(self) || (self->has_end && !_is_name_quoted(self)))
    return FALSE;
  if (!self->sign)
    return _is_option(self);
  if (self->sign == '>' && (self->is_spaced || self->is_spaced_before))
    return FALSE;
  return _is_sure(self) || cd_value_is_unwordly(self->value)
         || (self->kind == OF_HEADER && _looks_like_header(self->value));
}

static gboolean
_read_naming(Naming *self, const Name *name, CdText text, gsize at)
{
  CdText rest = cd_text_skip(text, at);

  if (g_ascii_tolower(rest.data[0]) != name->name[0])
    return FALSE;
  self->kind = name->kind;
  self->length = _match_name(rest, name->name);
  if (!self->length || !_read_sign(self, cd_text_skip(rest, self->length)))
    return FALSE;
  _read_word(self, text, at, self->length);
  return TRUE;
}

gboolean
cd_secret_find_named(CdText text, gsize at, CdSecret *secret)
{
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      Naming naming;
      gsize before;

      if (!_read_naming(&naming, &names[i], text, at) || !_has_secret(&naming))
        continue;
      before = _is_value_quoted(&naming) ? cd_value_span_backslashes(naming.value) + 1 : 0;
      secret->keep = (gsize) (naming.value.data - text.data) - at + before;
      secret->hide = before ? _span_quotation(&naming) : _span_value(&naming);
      if (secret->hide)
        return TRUE;
    }
  return FALSE;
}

/* Blanks, in a query too, and the quote of the credentials. */
static gsize
_span_scheme_end(CdText text)
{
  gsize blanks = cd_value_span_blanks(text);
  gsize backslashes;

  if (cd_text_has_prefix(text, CD_TEXT("%20")))
    blanks = 3;
  else if (cd_text_has_prefix(text, CD_TEXT("+")))
    blanks = 1;
  text = cd_text_skip(text, blanks);
  backslashes = cd_value_span_backslashes(text);
  if (!blanks || backslashes >= text.length || !cd_value_is_quote(text.data[backslashes]))
    return blanks;
  return blanks + backslashes + 1;
}

gboolean
cd_secret_find_credentials(CdText text, gsize at, CdSecret *secret)
{
  static const gchar *const schemes[] = { "bearer", "basic" };
  CdText rest = cd_text_skip(text, at);

  for (gsize i = 0; i < G_N_ELEMENTS(schemes) && cd_secret_is_boundary(text, at); i++)
    {
      gsize keep = _match_name(rest, schemes[i]);
      gsize blanks = _span_scheme_end(cd_text_skip(rest, keep));
      CdText value = cd_text_skip(rest, keep + blanks);

      value.length = keep && blanks ? cd_value_span_plain(value) : 0;
      *secret = (CdSecret) { keep + blanks, value.length };
      if (cd_value_is_credentials(value))
        return TRUE;
    }
  return FALSE;
}
