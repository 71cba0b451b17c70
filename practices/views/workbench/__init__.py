"""The workbench, where curators write the working copy of a practice: content, claims, evidence, states."""
