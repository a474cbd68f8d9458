// A test build over ssh:// whose link goes down in the middle.
import { linkGoesDownOver } from './link-down.ts'

linkGoesDownOver('ssh')
