package check

import (
	"os"
	"path/filepath"
	"slices"
)

// File is a file to be checked.
type File struct {
	Path   string
	Config *Config // that governs it
}

// FindOptions says what Find leaves out.
type FindOptions struct {
	// NoIgnore takes what git ignores.
	NoIgnore bool
	// ForceExclude has the configuration's exclude hold for files that are named,
	// too.
	ForceExclude bool
}

// Find lists the files to check under paths, in order and each once. A file
// that is named is checked whatever its name, unless exclude is forced upon it; in
// folders the globs of the configuration decide, and what git ignores. A folder that
// can't be read is listed like a file that can't, and so is what is not there.
func Find(paths []string, configs *Configs, o FindOptions) ([]File, error) {
	f := finder{configs: configs, o: o, seen: map[string]bool{}}
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		c, err := configs.Of(filepath.Dir(abs))
		if err != nil {
			return nil, err
		}
		st, err := os.Stat(p)
		isDir := err == nil && st.IsDir()
		if isDir {
			if c, err = configs.Of(abs); err != nil {
				return nil, err
			}
		}
		if out, err := f.forcedOut(abs, c); err != nil {
			return nil, err
		} else if out {
			continue
		}
		if !isDir {
			f.add(p, c)
			continue
		}
		var list []ignoring
		if !o.NoIgnore {
			list = ignoredAbove(abs)
		}
		if err := f.walk(p, list); err != nil {
			return nil, err
		}
	}
	return f.found, nil
}

type finder struct {
	configs *Configs
	o       FindOptions
	found   []File
	seen    map[string]bool
}

func (f *finder) add(p string, c *Config) {
	if p = filepath.Clean(p); !f.seen[p] {
		f.seen[p] = true
		f.found = append(f.found, File{p, c})
	}
}

// forcedOut reports whether a path that is named is excluded all the same: itself or a
// folder above it, as a walk from the root of its configuration would find.
func (f *finder) forcedOut(abs string, governing *Config) (bool, error) {
	if !f.o.ForceExclude && !governing.ForceExclude {
		return false, nil
	}
	for d := abs; ; {
		up := filepath.Dir(d)
		if up == d {
			return false, nil
		}
		c, err := f.configs.Of(up)
		if err != nil {
			return false, err
		}
		if c.excludes(d) {
			return true, nil
		}
		if isRepository(up) {
			return false, nil
		}
		d = up
	}
}

func (f *finder) walk(dir string, list []ignoring) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	c, err := f.configs.Of(abs)
	if err != nil {
		return err
	}
	if !f.o.NoIgnore {
		list = slices.Clip(list)
		if isRepository(abs) {
			of := ofRepository(abs)
			slices.Reverse(of)
			list = append(list, of...)
		}
		list = append(list, readIgnore(abs, filepath.Join(abs, ".gitignore"))...)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		f.add(dir, c)
		return nil
	}
	for _, e := range entries {
		p, a := filepath.Join(dir, e.Name()), filepath.Join(abs, e.Name())
		if ignored(list, a, e.IsDir()) || c.excludes(a) {
			continue
		}
		switch {
		case e.IsDir():
			if e.Name() == ".git" {
				continue
			}
			if err := f.walk(p, list); err != nil {
				return err
			}
		case e.Type().IsRegular() && c.wants(a):
			f.add(p, c)
		}
	}
	return nil
}
