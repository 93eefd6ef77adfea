/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/json-guard.h"

#include <json-glib/json-glib.h>

#include "../../support/unit-linear.h"

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }

static const gchar *
state_name(CdJsonState state)
{
  switch (state)
    {
    case CD_JSON_SOUND:
      return "sound";
    case CD_JSON_BROKEN:
      return "broken";
    case CD_JSON_REFUSED:
      return "refused";
    }
  g_assert_not_reached();
}

typedef struct _GuardRow
{
  const gchar *name;
  CdText text;
  const gchar *safe;
} GuardRow;

#define SAME NULL
#define FFFD "\\ufffd"

/* clang-format off */
static const GuardRow sound_rows[] = {
  { "an empty object", T("{}"), SAME },
  { "blanks everywhere", T("{ \"a\"\t:\r\n1 , \"b\" : [ 1 , 2 ] }"), SAME },
  { "blanks behind it", T("{\"a\":1} \r\n"), "{\"a\":1}" },
  { "every kind of value",
    T("{\"a\":\"s\",\"b\":1,\"c\":-2.5e+3,\"d\":true,\"e\":false,\"f\":null,"
      "\"g\":{},\"h\":[]}"),
    SAME },
  { "objects and arrays in one another",
    T("{\"a\":[{\"b\":[[],{}]},[1,[2]]],\"c\":{\"d\":{}}}"), SAME },
  { "an empty key", T("{\"\":1}"), SAME },
  { "escapes", T("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"}"), SAME },
  { "brackets in strings", T("{\"a\":\"}]{[,:\"}"), SAME },
  { "a surrogate pair", T("{\"a\":\"\\ud83d\\ude00\"}"), SAME },
  { "a high surrogate alone", T("{\"a\":\"\\ud83d\"}"), "{\"a\":\"" FFFD "\"}" },
  { "a low surrogate alone", T("{\"a\":\"\\ude00x\"}"), "{\"a\":\"" FFFD "x\"}" },
  { "a pair the wrong way", T("{\"a\":\"\\ude00\\ud83d\"}"), "{\"a\":\"" FFFD FFFD "\"}" },
  { "a high one before another character", T("{\"a\":\"\\ud83d\\u0041\"}"),
    "{\"a\":\"" FFFD "\\u0041\"}" },
  { "two high ones and a low one", T("{\"a\":\"\\ud83d\\ud83d\\ude00\"}"),
    "{\"a\":\"" FFFD "\\ud83d\\ude00\"}" },
  { "a surrogate in a key", T("{\"\\udc00\":1}"), "{\"" FFFD CD_JSON_ESCAPED "\":1}" },
  { "an escape in a key", T("{\"\\u0061pp\":1,\"app\":2}"),
    "{\"\\u0061pp" CD_JSON_ESCAPED "\":1,\"app\":2}" },
  { "NUL", T("{\"a\":\"x\\u0000y\"}"), "{\"a\":\"x" FFFD "y\"}" },
  { "18 digits", T("{\"a\":999999999999999999}"), SAME },
  { "18 negative digits", T("{\"a\":-999999999999999999}"), SAME },
  { "19 digits", T("{\"a\":9223372036854775808}"), "{\"a\":\"9223372036854775808\"}" },
  { "19 negative digits", T("{\"a\":-9223372036854775809}"), "{\"a\":\"-9223372036854775809\"}" },
  { "20 digits", T("{\"a\":18446744073709551616,\"b\":1}"),
    "{\"a\":\"18446744073709551616\",\"b\":1}" },
  { "20 digits in an array", T("{\"a\":[10000000000000000000]}"),
    "{\"a\":[\"10000000000000000000\"]}" },
  { "many digits of a fraction", T("{\"a\":0.1234567890123456789012}"), SAME },
  { "UTF-8", T("{\"a\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}"), SAME },
  { "DEL", T("{\"a\":\"\x7f\"}"), SAME },
  { "the same key again", T("{\"app\":1,\"app\":2}"), "{\"app\":1,\"app" CD_JSON_REPEATED "\":2}" },
  { "an alias of it", T("{\"id\":1,\"session_id\":2}"),
    "{\"id\":1,\"session_id" CD_JSON_REPEATED "\":2}" },
  { "the same key in other objects", T("{\"app\":{\"app\":1},\"b\":{\"app\":2}}"), SAME },
  { "another key again", T("{\"x\":1,\"x\":2}"), SAME },
};

static const GuardRow broken_rows[] = {
  { "something behind it", T("{\"a\":1}x"), "{\"a\":1}" },
  { "two objects", T("{\"a\":1}{\"b\":2}"), "{\"a\":1}" },
  { "only the brace", T("{"), "{}" },
  { "cut in a key", T("{\"a\":1,\"b"), "{\"a\":1}" },
  { "cut behind a key", T("{\"a\":1,\"b\""), "{\"a\":1}" },
  { "cut behind a colon", T("{\"a\":1,\"b\":"), "{\"a\":1}" },
  { "cut in a string", T("{\"a\":1,\"b\":\"x"), "{\"a\":1}" },
  { "cut in an escape", T("{\"a\":1,\"b\":\"x\\"), "{\"a\":1}" },
  { "cut in a code", T("{\"a\":1,\"b\":\"x\\u00"), "{\"a\":1}" },
  { "cut behind a string", T("{\"a\":1,\"b\":\"x\""), "{\"a\":1,\"b\":\"x\"}" },
  { "cut in a number", T("{\"a\":1,\"b\":12"), "{\"a\":1}" },
  { "cut in a word", T("{\"a\":1,\"b\":tru"), "{\"a\":1}" },
  { "cut behind a comma", T("{\"a\":1,"), "{\"a\":1}" },
  { "cut in an inner object", T("{\"a\":{\"b\":1,\"c\":"), "{\"a\":{\"b\":1}}" },
  { "cut in an inner array", T("{\"a\":[1,[2,3"), "{\"a\":[1,[2]]}" },
  { "cut in an empty object", T("{\"a\":{"), "{\"a\":{}}" },
  { "a comma too many", T("{\"a\":1,}"), "{\"a\":1}" },
  { "a comma too many in an array", T("{\"a\":[1,],\"b\":2}"), "{\"a\":[1]}" },
  { "a comma first", T("{,\"a\":1}"), "{}" },
  { "no comma", T("{\"a\":1 \"b\":2}"), "{}" },
  { "no comma behind a string", T("{\"a\":\"x\" \"b\":2}"), "{\"a\":\"x\"}" },
  { "no colon", T("{\"a\" 1}"), "{}" },
  { "two colons", T("{\"a\"::1}"), "{}" },
  { "no value", T("{\"a\":,\"b\":1}"), "{}" },
  { "no key", T("{1:2}"), "{}" },
  { "a value in a key's place", T("{\"a\":1,true}"), "{\"a\":1}" },
  { "a bracket of the other kind", T("{\"a\":[1}"), "{\"a\":[]}" },
  { "a bracket too many", T("{\"a\":1]}"), "{}" },
  { "single quotes", T("{'a':1}"), "{}" },
  { "a comment", T("{\"a\":1,/* c */\"b\":2}"), "{\"a\":1}" },
  { "an escape that JSON has not", T("{\"a\":1,\"b\":\"\\x41\"}"), "{\"a\":1}" },
  { "a NUL behind a backslash", T("{\"a\":1,\"b\":\"\\\0\"}"), "{\"a\":1}" },
  { "a code that is none", T("{\"a\":1,\"b\":\"\\u00zz\"}"), "{\"a\":1}" },
  { "a leading zero", T("{\"a\":1,\"b\":01}"), "{\"a\":1}" },
  { "a plus sign", T("{\"a\":1,\"b\":+1}"), "{\"a\":1}" },
  { "a minus sign alone", T("{\"a\":1,\"b\":-}"), "{\"a\":1}" },
  { "a point first", T("{\"a\":1,\"b\":.5}"), "{\"a\":1}" },
  { "a point last", T("{\"a\":1,\"b\":5.}"), "{\"a\":1}" },
  { "an exponent without digits", T("{\"a\":1,\"b\":5e}"), "{\"a\":1}" },
  { "an exponent's sign without digits", T("{\"a\":1,\"b\":5e+}"), "{\"a\":1}" },
  { "a hexadecimal number", T("{\"a\":1,\"b\":0x1f}"), "{\"a\":1}" },
  { "infinity", T("{\"a\":1,\"b\":Infinity}"), "{\"a\":1}" },
  { "a word in upper case", T("{\"a\":1,\"b\":True}"), "{\"a\":1}" },
  { "a NUL between members", T("{\"a\":1,\0\"b\":2}"), "{\"a\":1}" },
  { "a raw newline in a string", T("{\"a\":\"x\ny\"}"), "{\"a\":\"x" FFFD "y\"}" },
  { "a raw NUL in a string", T("{\"a\":\"x\0y\"}"), "{\"a\":\"x" FFFD "y\"}" },
  { "a byte that is no UTF-8", T("{\"a\":\"x\xffy\"}"), "{\"a\":\"x" FFFD "y\"}" },
  { "a cut character", T("{\"a\":\"x\xe2\x82\"}"), "{\"a\":\"x" FFFD FFFD "\"}" },
  { "an encoded surrogate", T("{\"a\":\"\xed\xa0\x80\"}"), "{\"a\":\"" FFFD FFFD FFFD "\"}" },
  { "a broken byte in a key", T("{\"\xff\":1}"), "{\"" FFFD CD_JSON_ESCAPED "\":1}" },
};
/* clang-format on */

static void
assert_guarded(const GuardRow *row, CdJsonState expected)
{
  g_autoptr(GString) out = g_string_new(NULL);
  CdJsonState state = cd_json_guard(row->text, out);

  unit_assert_row(row->name, state_name(state), state_name(expected));
  unit_assert_text(((CdText) { out->str, out->len }),
                   row->safe ? cd_text_from_string(row->safe) : row->text);
}

/* What is not refused is an object to json-glib. */
static void
assert_parses(CdText text)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autoptr(GError) error = NULL;

  if (cd_json_guard(text, out) == CD_JSON_REFUSED)
    return;
  if (!json_parser_load_from_data(parser, out->str, -1, &error)
      || !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)) || strlen(out->str) != out->len)
    {
      g_autofree gchar *shown = unit_show(text);
      g_error("json-glib does not take what became of %s: %s", shown, out->str);
    }
}

static void
test_sound(gconstpointer data)
{
  const GuardRow *row = data;

  assert_guarded(row, CD_JSON_SOUND);
  assert_parses(row->text);
}

static void
test_broken(gconstpointer data)
{
  const GuardRow *row = data;

  assert_guarded(row, CD_JSON_BROKEN);
  assert_parses(row->text);
}

/* @depth brackets in all, alternately of both kinds where @mixed says so. */
static GString *
nest(guint depth, gboolean mixed, gboolean closed)
{
  GString *text = g_string_new("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append(text, mixed && i % 2 ? "{\"a\":" : "[");
  g_string_append(text, "1");
  for (guint i = depth; closed && i-- > 1;)
    g_string_append_c(text, mixed && i % 2 ? '}' : ']');
  return closed ? g_string_append_c(text, '}') : text;
}

static void
assert_depth(guint depth, gboolean closed, CdJsonState expected)
{
  for (guint mixed = 0; mixed < 2; mixed++)
    {
      g_autoptr(GString) text = nest(depth, mixed, closed);
      g_autoptr(GString) out = g_string_new(NULL);
      CdText view = { text->str, text->len };
      g_autofree gchar *row = g_strdup_printf("%u deep", depth);

      unit_assert_row(row, state_name(cd_json_guard(view, out)), state_name(expected));
      assert_parses(view);
    }
}

static void
test_depth(void)
{
  for (guint depth = 1; depth <= 64; depth++)
    assert_depth(depth, TRUE, CD_JSON_SOUND);
  assert_depth(65, TRUE, CD_JSON_REFUSED);
  assert_depth(66, TRUE, CD_JSON_REFUSED);
  assert_depth(128, TRUE, CD_JSON_REFUSED);
  assert_depth(1000, TRUE, CD_JSON_REFUSED);
}

static void
test_depth_cut_off(void)
{
  for (guint depth = 1; depth <= 64; depth++)
    assert_depth(depth, FALSE, CD_JSON_BROKEN);
  assert_depth(65, FALSE, CD_JSON_REFUSED);
  assert_depth(1000000, FALSE, CD_JSON_REFUSED);
}

/* Depth is of what is open, not of how much there is. */
static void
test_brackets_side_by_side(void)
{
  g_autoptr(GString) text = g_string_new("{\"a\":[0");
  g_autoptr(GString) out = g_string_new(NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append(text, ",[[{}]]");
  g_string_append(text, "]}");
  g_assert_cmpint(cd_json_guard((CdText) { text->str, text->len }, out), ==, CD_JSON_SOUND);
  g_assert_cmpstr(out->str, ==, text->str);
}

static GString *
make_members(guint n_members)
{
  GString *text = g_string_new("{");

  for (guint i = 0; i < n_members; i++)
    g_string_append_printf(text, "%s\"k%u\":%u", i ? "," : "", i, i);
  return g_string_append_c(text, '}');
}

static void
test_number_of_members(void)
{
  g_autoptr(GString) most = make_members(CD_JSON_MEMBERS_MAX);
  g_autoptr(GString) too_many = make_members(CD_JSON_MEMBERS_MAX + 1);
  g_autoptr(GString) out = g_string_new(NULL);

  g_assert_cmpint(cd_json_guard((CdText) { most->str, most->len }, out), ==, CD_JSON_SOUND);
  g_string_truncate(out, 0);
  g_assert_cmpint(cd_json_guard((CdText) { too_many->str, too_many->len }, out), ==,
                  CD_JSON_BROKEN);
  g_assert_cmpstr(out->str, ==, most->str);
}

static const gchar *const samples[] = {
  "{\"ts\":\"2026-11-21T07:37:29.236Z\",\"level\":\"DEBUG\","
  "\"msg\":\"disconnected from coordination RPC\",\"caller\":\"/build/main.go:47\","
  "\"func\":\"main.run\",\"fields\":{\"connect_type\":\"server_to_agent\","
  "\"disconnect_reason\":\"network_error\",\"disconnect_expected\":false,"
  "\"error\":[{\"msg\":\"read\",\"fun\":\"main.run.func1\",\"loc\":\"/build/main.go:44\"},"
  "\"EOF\"]}}",
  "{\"logging.googleapis.com/severity\":\"INFO\",\"severity\":\"INFO\",\"message\":\"ssh session "
  "closed\",\"timestampSeconds\":1795246649,\"timestampNanos\":240330588,\"exit_code\":255,"
  "\"disconnect_reason\":\"process exited with error status: -1\",\"disconnect_expected\":false}",
  ("{ \"a\" : [ 1 , -2.5e-3 , 99999999999999999999 , true , null , { } , [ ] ] , "
   "\"b\\u00e4\\ud83d\\ude00\\n\" : { \"c\" : \"\xc3\xa4\xe2\x82\xac\" } }"),
};

static void
test_every_cut(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(samples); i++)
    for (gsize length = 1; length <= strlen(samples[i]); length++)
      {
        g_autofree gchar *cut = g_memdup2(samples[i], length);
        g_autoptr(GString) out = g_string_new(NULL);
        CdJsonState state = cd_json_guard((CdText) { cut, length }, out);

        assert_parses((CdText) { cut, length });
        g_assert_cmpint(state, ==, length == strlen(samples[i]) ? CD_JSON_SOUND : CD_JSON_BROKEN);
      }
}

static void
mutate(GString *text)
{
  static const gchar *const pieces[] = {
    "{",  "}",  "[", "]",   ",",    ":",    "\"",   "\\", "\\u",  "\\ud800", "\\udc00",
    "0",  "-",  ".", "e",   "1e9",  "null", "true", " ",  "\n",   "\xff",    "\xc3",
    "/*", "//", "'", "0x1", "\x01", "nan",  "{}",   "[]", "\"\"", "\"a\":",  "\\u0000"
  };
  gssize at = g_test_rand_int_range(1, (gint32) text->len);
  gssize length = g_test_rand_int_range(1, 8);
  const gchar *piece = pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))];

  switch (g_test_rand_int_range(0, 5))
    {
    case 0:
      text->str[at] = (gchar) g_test_rand_int_range(0, 256);
      break;
    case 1:
      g_string_erase(text, at, MIN(length, (gssize) text->len - at));
      break;
    case 2:
      g_string_truncate(text, (gsize) at);
      break;
    default:
      g_string_insert(text, at, piece);
    }
}

/* Whatever becomes of a line on its way: json-glib takes it, or it was refused. */
static void
test_mutations(void)
{
  for (guint n = 0; n < 30000; n++)
    {
      g_autoptr(GString) text = g_string_new(samples[n % G_N_ELEMENTS(samples)]);
      gint changes = g_test_rand_int_range(1, 5);

      while (changes-- > 0 && text->len > 2)
        mutate(text);
      assert_parses((CdText) { text->str, text->len });
    }
}

/* Texts of nothing but JSON's own signs. */
static void
test_random_signs(void)
{
  static const gchar signs[] = "{}[],:\"\\ 01-.eE+truefalsn/'u\xff";

  for (guint n = 0; n < 100000; n++)
    {
      gchar bytes[24] = "{";
      gsize length = (gsize) g_test_rand_int_range(1, sizeof(bytes) + 1);

      for (gsize i = 1; i < length; i++)
        bytes[i] = signs[g_test_rand_int_range(0, sizeof(signs) - 1)];
      assert_parses((CdText) { bytes, length });
    }
}

/* A text that was made whole is whole. */
static void
test_guarded_twice(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(broken_rows); i++)
    {
      g_autoptr(GString) once = g_string_new(NULL);
      g_autoptr(GString) twice = g_string_new(NULL);

      cd_json_guard(broken_rows[i].text, once);
      unit_assert_row(broken_rows[i].name,
                      state_name(cd_json_guard((CdText) { once->str, once->len }, twice)), "sound");
    }
}

static void
guard(CdText text)
{
  g_autoptr(GString) out = g_string_new(NULL);

  cd_json_guard(text, out);
}

/* Marking such a key can move the output; a sanitizer watches that nothing old is read. */
static void
test_escaped_keys_of_every_length(void)
{
  for (gsize length = 0; length < 600; length++)
    {
      g_autofree gchar *letters = g_strnfill(length, 'x');
      g_autofree gchar *json = g_strdup_printf("{\"\\n%s\":1}", letters);
      g_autofree gchar *wanted = g_strdup_printf("{\"\\n%s%s\":1}", letters, CD_JSON_ESCAPED);
      g_autoptr(GString) out = g_string_new(NULL);

      g_assert_cmpint(cd_json_guard(cd_text_from_string(json), out), ==, CD_JSON_SOUND);
      g_assert_cmpstr(out->str, ==, wanted);
    }
}

static const UnitLinearRow linear_rows[] = {
  { "open arrays", "{\"a\":", "[", "" },
  { "open objects", "", "{\"a\":", "" },
  { "empty arrays", "{\"a\":[0", ",[]", "]}" },
  { "blanks", "{", " ", "}" },
  { "blanks behind it", "{}", " \n", "" },
  { "a string", "{\"a\":\"", "x", "\"}" },
  { "escapes", "{\"a\":\"", "\\n", "\"}" },
  { "backslashes", "{\"a\":\"", "\\", "" },
  { "surrogates", "{\"a\":\"", "\\ud800", "\"}" },
  { "broken bytes", "{\"a\":\"", "\xff", "\"}" },
  { "digits", "{\"a\":", "9", "}" },
  { "strings", "{\"a\":[\"\"", ",\"x\"", "]}" },
  { "members", "{\"a\":0", ",\"a\":0", "}" },
  { "fields of ours", "{\"app\":0", ",\"app\":0", "}" },
  { "open quotes", "{", "\"", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, guard);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/json-guard/sound", sound_rows, test_sound);
  unit_add_rows("/json-guard/broken", broken_rows, test_broken);
  g_test_add_func("/json-guard/depth", test_depth);
  g_test_add_func("/json-guard/depth-cut-off", test_depth_cut_off);
  g_test_add_func("/json-guard/brackets-side-by-side", test_brackets_side_by_side);
  g_test_add_func("/json-guard/number-of-members", test_number_of_members);
  g_test_add_func("/json-guard/every-cut", test_every_cut);
  g_test_add_func("/json-guard/mutations", test_mutations);
  g_test_add_func("/json-guard/random-signs", test_random_signs);
  g_test_add_func("/json-guard/guarded-twice", test_guarded_twice);
  g_test_add_func("/json-guard/escaped-keys-of-every-length", test_escaped_keys_of_every_length);
  unit_add_rows("/json-guard/linear", linear_rows, test_linear);
  return g_test_run();
}
