/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets in any surroundings, and any text through redaction and everything behind it. */
#include "disconnect/redact.h"

#include "invariants.h"

#define PLANTED "S3cr3tPl4nt3d"

/* Each hides PLANTED, whatever stands around the blanks. */
static const gchar *const secrets[] = {
  "https://u:" PLANTED "@h",
  "token=" PLANTED,
  "CODER_AGENT_TOKEN=" PLANTED,
  "X-Api-Key: " PLANTED,
  "\"password\":\"" PLANTED " " PLANTED "\"",
  "\\\"secret\\\": \\\"" PLANTED "\\\"",
  "--token " PLANTED,
  "Authorization: " PLANTED,
  "Cookie: a=" PLANTED,
  "Bearer " PLANTED,
  "password: " PLANTED,
  "eyJ" PLANTED PLANTED "." PLANTED,
  "ghp_" PLANTED PLANTED,
  "xoxb-" PLANTED,
  "-----BEGIN RSA PRIVATE KEY-----\n" PLANTED,
  "pass\xe2\x80\x8bword=" PLANTED "\x1b[0m" PLANTED,
  "tokens=" PLANTED,
  "ssh-key=" PLANTED,
  "{\"signing_key\":\"" PLANTED "\"}",
  "db_pass=" PLANTED,
  "passcode: " PLANTED,
  "?jwt=" PLANTED "&x=1",
  "?X-Amz-Signature=" PLANTED,
  "next=%3Ftoken%3D" PLANTED,
  "user[password]=" PLANTED,
  "<password>" PLANTED "</password>",
  "token[0]=" PLANTED,
  "{Token:" PLANTED " Port:1}",
  "map[Authorization:[" PLANTED "]]",
  "[\"--token\",\"" PLANTED "\"]",
  "['--token', '" PLANTED "']",
  "{\"token\":{\"value\":\"" PLANTED "\"}}",
  "{\"secrets\":[\"" PLANTED "\",\"" PLANTED "\"]}",
  "Bearer: " PLANTED,
  "Bearer%3D" PLANTED,
  "{\"Bearer\":\"" PLANTED "\"}",
  "Pwd={a " PLANTED ";}}x};",
  "password=(a " PLANTED ")",
  "password='a''" PLANTED "'",
  "password=a\\ " PLANTED,
  "login --token\\ " PLANTED,
  "password=[redacted]" PLANTED,
  "postgres:\\/\\/u:" PLANTED "@h",
  "postgres://user:a\"" PLANTED "@db",
  "postgres://user:" PLANTED "%40db",
  "to=x%253A%252F%252Fu%253A" PLANTED "%2540h",
  "glpat-" PLANTED PLANTED,
  "xapp-1-" PLANTED,
  "npm_" PLANTED PLANTED PLANTED,
  "sk_live_" PLANTED PLANTED,
  "AIza" PLANTED PLANTED PLANTED,
};

/* A quotation or a sign in front takes the name of the next for its own value, and shows what that
 * was the name of. */
static void
append_surroundings(GString *out, CdText text)
{
  for (gsize i = 0; i < text.length; i++)
    g_string_append_c(out, strchr("\"'`=:>%\\[-", text.data[i]) ? '.' : text.data[i]);
}

static void
check_secret(const gchar *secret, CdText text)
{
  CdText rest = cd_text_skip(text, 2);
  gsize border = text.length > 2 ? (guchar) text.data[1] * rest.length / 256 : 0;
  g_autoptr(GString) planted = g_string_new(NULL);
  g_autoptr(GString) clean = g_string_new(NULL);

  if (text.length < 2 || cd_text_find(text, CD_TEXT("t3d")) || cd_text_find(text, CD_TEXT("S3c")))
    return; /* behind a line feed, which is escaped, "t3d" would be "nt3d" */
  append_surroundings(planted, cd_text_head(rest, border));
  g_string_append(planted, ". ");
  g_string_append(planted, secret);
  g_string_append_c(planted, ' ');
  g_string_append_len(planted, rest.data + border, (gssize) (rest.length - border));
  cd_detail_append_words(clean, (CdText) { planted->str, planted->len });
  g_assert_null(strstr(clean->str, "S3c"));
  g_assert_null(strstr(clean->str, "nt3d"));
}

static void
check_planted(CdText text)
{
  guint which = text.length ? (guchar) text.data[0] : 0;

  check_secret(secrets[which % G_N_ELEMENTS(secrets)], text);
}

/* Controls become signs: what is redacted has been escaped before. */
static GString *
make_printable(CdText text)
{
  static const gchar signs[] = "\"\"''`\\\\::==&,;[](){}<>@@%/-.?#  ";
  GString *printable = g_string_new_len(text.data, (gssize) text.length);

  G_STATIC_ASSERT(sizeof(signs) > 0x20);
  for (gsize i = 0; i < printable->len; i++)
    if ((guchar) printable->str[i] < 0x20 || printable->str[i] == 0x7f)
      printable->str[i] = signs[(guchar) printable->str[i] % 0x20];
  return printable;
}

static gboolean
is_same(const GString *string, CdText text)
{
  return cd_text_equal((CdText) { string->str, string->len }, text);
}

/* What was made of the text once stays so; where that is the text itself, it is known. */
static void
check_again(void (*append)(GString *, CdText), CdText text, const GString *once)
{
  const CdText again = { once->str, once->len };
  g_autoptr(GString) twice = g_string_new(NULL);

  if (is_same(once, text))
    return;
  append(twice, again);
  g_assert_true(is_same(twice, again));
}

/* A second time changes nothing, and the gate is shut only where there is nothing to do. */
static void
check_redacted(CdText raw)
{
  g_autoptr(GString) printable = make_printable(raw);
  const CdText text = { printable->str, printable->len };
  g_autoptr(GString) once = g_string_new(NULL);

  cd_redact_append(once, text);
  g_assert_cmpuint(once->len, <=, 3 * text.length);
  if (!cd_redact_may_matter(text))
    g_assert_true(is_same(once, text));
  check_again(cd_redact_append, text, once);
}

/* Words are escaped, redacted and cut, and stay so. */
static void
check_words(CdText text)
{
  g_autoptr(GString) once = g_string_new(NULL);

  cd_detail_append_words(once, text);
  fuzz_check_value((CdText) { once->str, once->len });
  if (cd_detail_is_plain_words(text))
    g_assert_true(is_same(once, text));
  check_again(cd_detail_append_words, text, once);
}

/* The longest escape of a byte. */
#define PIECE_OF_TEXT 10

/* A part shows nothing that the whole hides. */
static void
check_part(CdText text)
{
  g_autoptr(GString) whole = g_string_new(NULL);
  g_autoptr(GString) part = g_string_new(NULL);

  if (text.length > CD_DETAIL_MAX / PIECE_OF_TEXT)
    return;
  cd_detail_append_words(whole, text);
  cd_detail_append_part(part, cd_text_skip(text, text.length / 2), text);
  g_assert_true(g_str_equal(part->str, CD_REDACTED) || strstr(whole->str, part->str));
}

static gboolean
read_words(CdText text, CdStatement *statement)
{
  const CdText half = cd_text_head(text, text.length / 2);

  statement->source = CD_SOURCE_SDATA;
  cd_statement_add(statement, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_statement_add(statement, CD_FIELD_DISCONNECT_DETAIL, half);
  cd_statement_add(statement, CD_FIELD_ERROR, cd_text_skip(text, half.length));
  return TRUE;
}

static void
check_judged(CdText text)
{
  fuzz_read_and_judge(text, read_words);
}

/* What the rules look for, and what stands around it. */
/* clang-format off */
static const gchar *const words[] = {
  "token", "password", "pass", "secret", "Authorization", "cookie", "api_key", "jwt", "tokens",
  "X-Api-Key", "Bearer", "basic", "eyJ", "ghp_", "xoxb-", "AKIA", "-----BEGIN ",
  "PRIVATE KEY-----", "-----END ", "--token ", "value", "none", "true", "is", "and", "://",
  "u:p@h", "%3A", "%2F", "%40", "%3D", "%22", "[redacted]", "[redac", "redacted]", "a", "b1",
  "hunter2", "AbCdEfGhIj", "AbCdEfGhIjKlMnOpQrStUv", "=", ":", ": ", "=>", "&", ",", ";", ".",
  " ", "\n", "\r\n ", "\x1b[0m", "\xe2\x80\x8b", "\\n", "\\x1b[0m", "\"", "'", "`", "\\\"",
  "\\", "[", "]", "{", "}", "(", ")", "<", ">", "-", "_", "/", "@", "?", "%", "\xc3\xa4", "\xc3",
};
/* clang-format on */

/* More than this is slow, and longer than what is shown. */
#define SPELLED_MAX 64

static GString *
spell(CdText text)
{
  GString *spelled = g_string_new(NULL);

  for (gsize i = 0; i < MIN(text.length, SPELLED_MAX); i++)
    g_string_append(spelled, words[(guchar) text.data[i] % G_N_ELEMENTS(words)]);
  return spelled;
}

/* A fuzzer that has bytes to put together would seldom write a word. */
static void
check_spelled(CdText text)
{
  g_autoptr(GString) spelled = spell(text);
  const CdText sentence = { spelled->str, spelled->len };

  check_redacted(sentence);
  check_words(sentence);
  check_part(sentence);
  check_secret(secrets[text.length ? (guchar) text.data[0] % G_N_ELEMENTS(secrets) : 0], sentence);
}

/* A fuzzer has inputs of all lengths, and gets further with one check of each; "make check" does
 * all with a seed. */
static void (*const checks[])(CdText text) = {
  check_planted, check_redacted, check_words, check_part, check_judged, check_spelled,
};

static void
check_all(CdText text)
{
  for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
    checks[i](text);
  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
    check_secret(secrets[i], text);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  const CdText text = { size ? (const gchar *) data : "", size };

  if (g_test_initialized())
    check_all(text);
  else
    checks[size % G_N_ELEMENTS(checks)](text);
  return 0;
}
