# SPDX-License-Identifier: LGPL-2.1-or-later
# From lines "WITH WITHOUT": the median of WITHOUT / WITH, and its quartiles.

{ ratios[++n] = $2 / $1 }
END {
  if (!n) {
    print "no lines" > "/dev/stderr"
    exit 1
  }
  for (i = 2; i <= n; i++) {
    ratio = ratios[i]
    for (j = i; j > 1 && ratios[j - 1] > ratio; j--)
      ratios[j] = ratios[j - 1]
    ratios[j] = ratio
  }
  printf "%.3f %.3f %.3f\n", ratios[int((n + 1) / 2)], ratios[int((n + 3) / 4)], \
         ratios[int((3 * n + 3) / 4)]
}
