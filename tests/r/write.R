# Writes named numbers as JSON, with base R alone, so that no further package is needed.

write_figures <- function(figures, out, packages = character()) {
  said <- c(R = paste(R.version$major, R.version$minor, sep = "."))
  for (one in packages) said[one] <- as.character(packageVersion(one))
  number <- function(x) if (is.na(x)) "null" else sprintf("%.15g", x)
  lines <- function(names, values) paste0("    \"", names, "\": ", values, collapse = ",\n")
  text <- paste0(
    "{\n  \"made_with\": {\n", lines(names(said), paste0("\"", said, "\"")), "\n  },\n",
    "  \"figures\": {\n", lines(names(figures), vapply(figures, number, "")), "\n  }\n}\n"
  )
  cat(text, file = out)
}

# The two folders and the file to write: Rscript THIS.R INVENTED REAL OUT
folders <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  list(invented = given[1], real = given[2], out = given[3])
}

# Newcombe's method 3, which is Wilson's score interval; prop.test without its correction.
wilson <- function(x, n) as.numeric(prop.test(x, n, correct = FALSE)$conf.int)
