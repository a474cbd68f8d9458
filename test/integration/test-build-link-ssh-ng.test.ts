// A test build over ssh-ng:// whose link goes down in the middle.
import { linkGoesDownOver } from './link-down.ts'

linkGoesDownOver('ssh-ng')
