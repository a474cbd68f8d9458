{ ... }: {
  # nothing yet
}
