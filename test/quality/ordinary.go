package main

import "homeward/know/lure"

func ordinary(*lure.Packs) {}
