# SPDX-License-Identifier: LGPL-2.1-or-later
# Reads gcov's annotated sources (gcov -t) and prints the line coverage of each folder, with the
# lines that no test reached.  A line counts once, however many programs it was compiled into.
# Fails when a folder of -v wanted="FOLDER PERCENT ..." is below its percentage.
# What bison made from the grammar is left out.

BEGIN {
  n_wanted = split(wanted, word, " ")
  for (i = 1; i < n_wanted; i += 2) {
    floor[word[i]] = word[i + 1]
    folders[++n_folders] = word[i]
  }
}

function folder_of(path,    i)
{
  if (path ~ /-grammar\./) return ""
  for (i = 1; i <= n_folders; i++)
    if (index(path, folders[i] "/") == 1) return folders[i]
  return ""
}

# "   count:   line:text", where line 0 carries the names.
{
  first = index($0, ":")
  rest = substr($0, first + 1)
  second = index(rest, ":")
  count = substr($0, 1, first - 1)
  number = substr(rest, 1, second - 1) + 0
  gsub(/ /, "", count)
}

number == 0 && rest ~ /^ *0:Source:/ {
  path = substr(rest, second + 8)
  sub(/^.*\/(agent-core|modules)\//, "&", path)
  if (match(path, /(agent-core|modules)\/[^\/]+\/[^\/]+$/)) path = substr(path, RSTART)
  folder = folder_of(path)
  next
}

number > 0 && folder != "" && count != "-" {
  key = path ":" number
  if (!(key in seen)) {
    seen[key] = 1
    order[++n_lines] = key
    in_folder[key] = folder
    total[folder]++
  }
  if (count !~ /^[#=]/ && !(key in hit)) {
    hit[key] = 1
    reached[folder]++
  }
}

END {
  for (i = 1; i <= n_lines; i++)
    if (!(order[i] in hit)) print "not reached: " order[i]
  for (i = 1; i <= n_folders; i++) {
    name = folders[i]
    percent = total[name] ? 100 * reached[name] / total[name] : 100
    printf "%-32s %6.2f %% of %d lines", name, percent, total[name]
    if (percent < floor[name]) {
      printf ", wanted: %s %%", floor[name]
      failed = 1
    }
    print ""
  }
  exit failed
}
