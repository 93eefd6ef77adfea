/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-options.h"

#include "disconnect/vocabulary.h"
#include "slog/slog.h"

/* So that prefix and longest field name stay below syslog-ng's 255 bytes. */
#define PREFIX_MAX 128
#define TAG_PREFIX_MAX 64

/* RFC 5424, 6.3.2: SD-NAME. */
#define SD_NAME_MAX 32

/* Seconds; the lines of one end come within the agent's 10 s of shutdown, retries every 10 s. */
#define DUPLICATE_WINDOW 30
#define DUPLICATE_WINDOW_MAX 3600

/* Where syslog-ng keeps structured data. */
#define SDATA_PREFIX ".SDATA."

/* Bytes of a bad value that an error shows. */
#define SHOWN_MAX 64

#define READABLE_FORMATS                                                                           \
  (CD_FORMATS_TEXT | CD_FORMAT_BIT(CD_SOURCE_SDATA) | CD_FORMAT_BIT(CD_SOURCE_JOURNALD))

G_DEFINE_QUARK(coder-option-error-quark, coder_option_error);

static gboolean
_refuse(GError **error, const gchar *option, const gchar *value, const gchar *allowed)
{
  g_autofree gchar *escaped = g_strescape(value, NULL);

  g_set_error(error, CODER_OPTION_ERROR, CODER_OPTION_ERROR_VALUE, "%s(): bad value \"%.*s\"%s; %s",
              option, SHOWN_MAX, escaped, strlen(escaped) > SHOWN_MAX ? "..." : "", allowed);
  return FALSE;
}

static const gchar *
_get_one_value(GList *values, const gchar *option, GError **error)
{
  if (values && !values->next)
    return values->data;
  if (!values)
    g_set_error(error, CODER_OPTION_ERROR, CODER_OPTION_ERROR_VALUE, "%s(): no value; %s", option,
                "allowed: one value");
  else
    _refuse(error, option, values->next->data, "allowed: one value");
  return NULL;
}

const gchar *
coder_options_get_template(GList *values, GError **error)
{
  const gchar *value = _get_one_value(values, "template", error);

  if (value && !value[0])
    _refuse(error, "template", value, "allowed: the name or the content of a template");
  return value && value[0] ? value : NULL;
}

gboolean
coder_options_refuse_template(const gchar *value, const gchar *why, GError **error)
{
  g_autofree gchar *allowed = g_strdup_printf("%s; allowed: the name or the content of a template",
                                              why);

  return _refuse(error, "template", value, allowed);
}

void
coder_options_refuse_unknown(const gchar *name, GError **error)
{
  g_autofree gchar *escaped = g_strescape(name, NULL);

  g_set_error(error, CODER_OPTION_ERROR, CODER_OPTION_ERROR_VALUE,
              "unknown option \"%.*s\"; allowed: prefix tag-prefix sd-id formats drop-unmatched "
              "rescue duplicate-window template",
              SHOWN_MAX, escaped);
}

static gchar **
_default_sd_ids(void)
{
  gchar **sd_ids = g_new0(gchar *, 2);

  sd_ids[0] = g_strdup_printf("coder@%d", CD_PEN);
  return sd_ids;
}

void
coder_options_init(CoderOptions *self)
{
  self->prefix = g_strdup(".coder.");
  self->tag_prefix = g_strdup("coder.");
  self->sd_ids = _default_sd_ids();
  self->formats = READABLE_FORMATS;
  self->drop_unmatched = FALSE;
  self->rescue = TRUE;
  self->duplicate_window = DUPLICATE_WINDOW;
}

void
coder_options_copy(CoderOptions *self, const CoderOptions *other)
{
  self->prefix = g_strdup(other->prefix);
  self->tag_prefix = g_strdup(other->tag_prefix);
  self->sd_ids = g_strdupv(other->sd_ids);
  self->formats = other->formats;
  self->drop_unmatched = other->drop_unmatched;
  self->rescue = other->rescue;
  self->duplicate_window = other->duplicate_window;
}

void
coder_options_clear(CoderOptions *self)
{
  g_clear_pointer(&self->prefix, g_free);
  g_clear_pointer(&self->tag_prefix, g_free);
  g_clear_pointer(&self->sd_ids, g_strfreev);
}

static gboolean
_has_only(const gchar *value, const gchar *punctuation)
{
  for (; *value; value++)
    if (!g_ascii_isalnum(*value) && !strchr(punctuation, *value))
      return FALSE;
  return TRUE;
}

static gboolean
_is_sdata_prefix(const gchar *value)
{
  const gchar *sd_id = value + strlen(SDATA_PREFIX);
  const gchar *dot = strchr(sd_id, '.');

  return dot && dot > sd_id && dot - sd_id <= SD_NAME_MAX && dot[1] == '\0';
}

/* RFC 5424, section 7. */
static gboolean
_is_registered_sdata(const gchar *value)
{
  return g_str_equal(value, SDATA_PREFIX "timeQuality.")
         || g_str_equal(value, SDATA_PREFIX "origin.") || g_str_equal(value, SDATA_PREFIX "meta.");
}

gboolean
coder_options_set_prefix(CoderOptions *self, GList *values, GError **error)
{
  const gchar *value = _get_one_value(values, "prefix", error);

  if (!value)
    return FALSE;
  if (strlen(value) > PREFIX_MAX || !_has_only(value, "._-@"))
    return _refuse(error, "prefix", value, "allowed: up to 128 letters, digits and ._-@");
  if (_is_registered_sdata(value))
    return _refuse(error, "prefix", value, "allowed: no SD-ID that RFC 5424 gives a meaning to");
  if (g_str_has_prefix(value, SDATA_PREFIX) && !_is_sdata_prefix(value))
    return _refuse(error, "prefix", value,
                   "allowed inside structured data: .SDATA.SD-ID. with the dot at its end");
  g_free(self->prefix);
  self->prefix = g_strdup(value);
  return TRUE;
}

gboolean
coder_options_set_tag_prefix(CoderOptions *self, GList *values, GError **error)
{
  const gchar *value = _get_one_value(values, "tag-prefix", error);

  if (!value)
    return FALSE;
  if (!value[0] || strlen(value) > TAG_PREFIX_MAX || !_has_only(value, "._-"))
    return _refuse(error, "tag-prefix", value, "allowed: 1 to 64 letters, digits and ._-");
  g_free(self->tag_prefix);
  self->tag_prefix = g_strdup(value);
  return TRUE;
}

/* syslog-ng joins SD-ID and name with a dot: behind one, the element is no longer to be told. */
static gboolean
_is_sd_name(const gchar *value)
{
  gsize length = strlen(value);

  if (length == 0 || length > SD_NAME_MAX)
    return FALSE;
  for (; *value; value++)
    if (!g_ascii_isgraph(*value) || strchr("=]\".", *value))
      return FALSE;
  return TRUE;
}

static gboolean
_add_sd_id(GPtrArray *sd_ids, const gchar *value, GError **error)
{
  if (!_is_sd_name(value))
    return _refuse(error, "sd-id", value,
                   "allowed: 1 to 32 printable ASCII characters without blank, =, ], \" and dot");
  if (g_ptr_array_find_with_equal_func(sd_ids, value, g_str_equal, NULL))
    return _refuse(error, "sd-id", value, "allowed: each SD-ID once");
  if (sd_ids->len == CODER_SD_IDS_MAX)
    return _refuse(error, "sd-id", value, "allowed: at most 8 SD-IDs");
  g_ptr_array_add(sd_ids, g_strdup(value));
  return TRUE;
}

gboolean
coder_options_set_sd_ids(CoderOptions *self, GList *values, GError **error)
{
  g_autoptr(GPtrArray) sd_ids = g_ptr_array_new_with_free_func(g_free);

  if (!values)
    return _refuse(error, "sd-id", "", "allowed: 1 to 8 SD-IDs such as \"coder@32473\"");
  for (GList *at = values; at; at = at->next)
    if (!_add_sd_id(sd_ids, at->data, error))
      return FALSE;
  g_ptr_array_add(sd_ids, NULL);
  g_strfreev(self->sd_ids);
  self->sd_ids = (gchar **) g_ptr_array_free(g_steal_pointer(&sd_ids), FALSE);
  return TRUE;
}

static gchar *
_describe_formats(void)
{
  g_autoptr(GString) names = g_string_new("allowed:");

  for (guint i = 0; i < CD_N_SOURCES; i++)
    if (READABLE_FORMATS & CD_FORMAT_BIT(i))
      g_string_append_printf(names, " %s", cd_source_get_info(i)->name);
  return g_string_free(g_steal_pointer(&names), FALSE);
}

static gboolean
_refuse_format(const gchar *value, GError **error)
{
  g_autofree gchar *allowed = _describe_formats();

  return _refuse(error, "formats", value, allowed);
}

gboolean
coder_options_set_formats(CoderOptions *self, GList *values, GError **error)
{
  guint formats = 0;

  for (GList *at = values; at; at = at->next)
    {
      CdSource source;
      if (!cd_source_parse(cd_text_from_string(at->data), &source)
          || !(READABLE_FORMATS & CD_FORMAT_BIT(source)))
        return _refuse_format(at->data, error);
      formats |= CD_FORMAT_BIT(source);
    }
  if (!formats)
    return _refuse_format("", error);
  self->formats = formats;
  return TRUE;
}

static gboolean
_set_yes_or_no(gboolean *flag, const gchar *option, GList *values, GError **error)
{
  static const gchar *const no[] = { "no", "off", "0", NULL };
  static const gchar *const yes[] = { "yes", "on", "1", NULL };
  const gchar *value = _get_one_value(values, option, error);

  if (!value)
    return FALSE;
  *flag = g_strv_contains(yes, value);
  if (*flag || g_strv_contains(no, value))
    return TRUE;
  return _refuse(error, option, value, "allowed: yes no");
}

gboolean
coder_options_set_drop_unmatched(CoderOptions *self, GList *values, GError **error)
{
  return _set_yes_or_no(&self->drop_unmatched, "drop-unmatched", values, error);
}

gboolean
coder_options_set_rescue(CoderOptions *self, GList *values, GError **error)
{
  return _set_yes_or_no(&self->rescue, "rescue", values, error);
}

gboolean
coder_options_set_duplicate_window(CoderOptions *self, GList *values, GError **error)
{
  const gchar *value = _get_one_value(values, "duplicate-window", error);
  gint64 seconds;

  if (!value)
    return FALSE;
  if (!cd_text_to_integer(cd_text_from_string(value), &seconds) || seconds < 0
      || seconds > DUPLICATE_WINDOW_MAX)
    return _refuse(error, "duplicate-window", value, "allowed: 0 to 3600 seconds, 0 for none");
  self->duplicate_window = (guint) seconds;
  return TRUE;
}
