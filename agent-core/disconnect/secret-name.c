/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets that a name before them gives away. */
#include "disconnect/secret.h"

#include "disconnect/redact.h"
#include "disconnect/secret-naming.h"
#include "disconnect/secret-value.h"

static const gchar *const schemes[] = { "apikey", "basic",     "bearer", "digest",
                                        "ntlm",   "negotiate", "token",  NULL };

/* The longest word that is looked up. */
#define LOOKED_AT_MAX 64

typedef struct _Name
{
  const gchar *name; /* its ending; `_` may be missing, or another sign */
  CdNameKind kind;
} Name;

static const Name names[] = {
  { "token", OF_KEY },
  { "secret", OF_KEY },
  { "api_key", OF_KEY },
  { "access_key", OF_KEY },
  { "account_key", OF_KEY },
  { "auth_key", OF_KEY },
  { "private_key", OF_KEY },
  { "priv_key", OF_KEY },
  { "secret_key", OF_KEY },
  { "session_key", OF_KEY },
  { "credential", OF_KEY },
  { "credentials", OF_KEY },
  { "password", OF_PASSWORD },
  { "passwd", OF_PASSWORD },
  { "passphrase", OF_PASSWORD },
  { "pwd", OF_PASSWORD },
  { "authorization", OF_HEADER },
  { "cookie", OF_HEADER },
  { "tokens", OF_MANY },
  { "secrets", OF_MANY },
  { "passcode", OF_PASSWORD },
  { "pass", OF_WORD },
  { "jwt", OF_WORD },
  { "signature", OF_WORD },
  { "ssh_key", OF_KEY },
  { "signing_key", OF_KEY },
  { "encryption_key", OF_KEY },
  { "master_key", OF_KEY },
  { "shared_key", OF_KEY },
  { "deploy_key", OF_KEY },
  { "license_key", OF_KEY },
};

static gboolean
_is_value_quoted(const CdNaming *self)
{
  CdText value = cd_text_skip(self->value, cd_value_span_backslashes(self->value));

  return value.length && cd_value_is_quote(value.data[0]);
}

/* What a quoted value follows is a name too, whatever it begins with. */
static gboolean
_is_name_quoted(const CdNaming *self)
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
_is_identifier(const CdNaming *self)
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
_is_sure(const CdNaming *self)
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

/* `"--token", "VALUE"` and `"--token" "VALUE"` */
static gboolean
_is_argument(const CdNaming *self)
{
  gsize quote = cd_value_span_backslashes(self->value);

  return cd_value_is_quote(self->before) && _is_value_quoted(self) && quote + 1 < self->value.length
         && self->value.data[quote + 1] != '-';
}

/* `--token VALUE`, but not "the option --token is missing". */
static gboolean
_is_option(const CdNaming *self)
{
  static const gchar *const words[] = { "and", "are", "as",   "but",  "cannot",   "flag",
                                        "for", "has", "in",   "is",   "must",     "needs",
                                        "not", "of",  "on",   "or",   "requires", "set",
                                        "to",  "was", "with", "from", "missing",  NULL };

  if (self->word.data[0] != '-')
    return FALSE;
  if (self->has_end)
    return _is_argument(self);
  return self->is_spaced_before && self->value.data[0] != '-'
         && !_begins_with_one_of(self->value, words);
}

/* Whether a quotation begins again where it ended: a quote inside of it is doubled. */
static gboolean
_is_doubled(CdText closing, gsize backslashes)
{
  CdText next = cd_text_skip(closing, backslashes + 1);

  return next.length > backslashes && cd_value_span_backslashes(next) == backslashes
         && next.data[backslashes] == closing.data[backslashes];
}

static gsize
_span_quotation(const CdNaming *self)
{
  gsize backslashes = cd_value_span_backslashes(self->value);
  gchar quote = self->value.data[backslashes];
  CdText inside = cd_text_skip(self->value, backslashes + 1);
  gsize length = cd_value_find_closing(inside, quote, backslashes);

  while (length && length < inside.length && _is_doubled(cd_text_skip(inside, length), backslashes))
    {
      length += 2 * (backslashes + 1);
      length += cd_value_find_closing(cd_text_skip(inside, length), quote, backslashes);
    }
  return length;
}

/* `Bearer` alone in its line has its credentials in the next, all of which goes: what is left
 * behind them would be the header's own line the next time. */
static gsize
_span_folded_line(CdText value)
{
  gsize line = cd_value_span_line(value);
  gsize blanks = cd_value_span_blanks(cd_text_skip(value, line));
  CdText word = cd_text_skip(value, line + blanks);
  gsize next_line = cd_value_span_line(word);

  if (!cd_value_is_one_of(cd_text_head(value, line), schemes))
    return line;
  word.length = MIN(next_line, cd_value_span_plain(word));
  if (line + blanks + word.length < value.length && word.data[word.length] == ':')
    return line;
  return cd_value_is_credentials(word) ? line + blanks + next_line : line;
}

static gsize
_span_header(const CdNaming *self)
{
  gsize line = _span_folded_line(self->value);

  if (!cd_value_is_quote(self->before) || self->has_end)
    return line;
  return MIN(line, cd_value_find_closing(self->value, self->before, self->n_backslashes));
}

/* A header's value has blanks: it is a list only where a program prints a map. */
static gsize
_span_list(const CdNaming *self)
{
  gsize list = cd_value_span_list(self->value, ']');

  if (self->kind != OF_HEADER || self->has_end)
    return list;
  return self->is_spaced ? _span_header(self) : MIN(list, _span_header(self));
}

/* 0 for a number. */
static gsize
_span_text(CdText value)
{
  value.length = cd_value_span_plain(value);
  return _has(value, FALSE) || _has(value, TRUE) ? value.length : 0;
}

static gsize
_span_value(const CdNaming *self)
{
  static const gchar *const nothing[] = { "false", "nil", "<nil>", "none", "null", "true", NULL };

  if (_begins_with_one_of(self->value, nothing))
    return 0;
  if (self->value.data[0] == '{')
    return self->sign == '=' ? cd_value_span_list(self->value, '}') : 0;
  if (self->value.data[0] == '[')
    return _span_list(self);
  if (self->kind == OF_HEADER)
    return _span_header(self);
  if (self->value.data[0] == '(')
    return cd_value_span_list(self->value, ')');
  return self->kind == OF_MANY ? _span_text(self->value) : cd_value_span_plain(self->value);
}

/* Returns: how much stays behind the name and its sign; @hide receives what goes. */
static gsize
_span_secret(const CdNaming *self, gsize *hide)
{
  if (!_is_value_quoted(self))
    {
      *hide = _span_value(self);
      return 0;
    }
  *hide = _span_quotation(self);
  return cd_value_span_backslashes(self->value) + 1;
}

static gboolean
_looks_like_header(CdText value)
{
  CdText word = cd_text_head(value, LOOKED_AT_MAX);

  word.length = cd_value_span_plain(word);
  return cd_value_is_one_of(word, schemes)
         || (memchr(word.data, '=', word.length) && !cd_value_is_judged(word));
}

/* Before, or by the sender: behind what is no value by itself. */
static gboolean
_is_value_redacted(const CdNaming *self)
{
  CdText value = self->value;

  while (value.length && cd_value_is_in(value.data[0], "\"'`\\:,;.)]}>"))
    value = cd_text_skip(value, 1);
  return cd_text_has_prefix(value, CD_TEXT(CD_REDACTED));
}

/* Whether a value that begins as if it were redacted goes on: nothing that is redacted does. */
static gboolean
_goes_on(const CdNaming *self)
{
  gsize hide;
  gsize before = _span_secret(self, &hide);

  return cd_text_has_prefix(cd_text_skip(self->value, before), CD_TEXT(CD_REDACTED))
         && hide > strlen(CD_REDACTED);
}

static gboolean
_has_secret(const CdNaming *self)
{
  if (self->has_end && !_is_name_quoted(self))
    return FALSE;
  if (!self->sign)
    return _is_option(self) && (!_is_value_redacted(self) || _goes_on(self));
  if (_is_value_redacted(self))
    return self->sign != '>' && _is_sure(self) && _goes_on(self);
  if (self->sign == '>' && (self->is_spaced || self->is_spaced_before))
    return FALSE;
  return _is_sure(self) || (self->kind != OF_WORD && cd_value_is_unwordly(self->value))
         || (self->kind == OF_HEADER && _looks_like_header(self->value));
}

gboolean
cd_secret_find_named(CdText text, gsize at, CdSecret *secret)
{
  const gchar first = g_ascii_tolower(text.data[at]);

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      CdNaming naming;

      if (names[i].name[0] != first
          || !cd_naming_read(&naming, names[i].kind, names[i].name, text, at)
          || !_has_secret(&naming))
        continue;
      secret->keep = (gsize) (naming.value.data - text.data) - at;
      secret->keep += _span_secret(&naming, &secret->hide);
      if (secret->hide)
        return TRUE;
    }
  return FALSE;
}
